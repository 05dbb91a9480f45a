#pragma once
/// Finding, blocking and one's own privacy. Hidden, blocked and absent answer alike, with the same work done. Thread:
/// any; see Caller.h.

#include "server/chat/Caller.h"
#include "server/domain/Account.h"
#include "server/domain/Manifest.h"

namespace kith::server
{

struct ChatContext;
class Storage;

struct FoundPerson {
    UserId user;
    Bytes handle;
    SignedManifest manifest;
};
struct Privacy {
    bool readReceipts = true;
    bool showPresence = true;
    bool findable = true;
};

/// What those who may find the person are told.
[[nodiscard]] Result<FoundPerson> described(const Storage& storage, const Account& account);

class People
{
public:
    explicit People(ChatContext& context) : context_(context) {}

    /// Exact, after folding. At most 30 look-ups in an hour.
    void find(const Caller& caller, Bytes handle, Done<FoundPerson> done);
    /// Somebody with whom a conversation exists.
    void find(const Caller& caller, UserId user, Done<FoundPerson> done);
    /// Answers once no direct append of `user` can be accepted any more. Blocking twice is blocking once.
    void block(const Caller& caller, UserId user, Done<void> done);
    void unblock(const Caller& caller, UserId user, Done<void> done);
    void setPrivacy(const Caller& caller, Privacy privacy, Done<void> done);
    /// The caller's own.
    void privacy(const Caller& caller, Done<Privacy> done);

private:
    ChatContext& context_;
};

} // namespace kith::server
