#pragma once
/// The devices of an account: signed, numbered, hash-linked manifests (mechanisms.md section 5). Thread: any; see
/// Caller.h.

#include "server/chat/Caller.h"
#include "server/domain/Manifest.h"
#include "server/domain/PreKeys.h"

namespace kith::server
{

struct ChatContext;

class Devices
{
public:
    explicit Devices(ChatContext& context) : context_(context) {}

    /// `manifest` is the next version with one device more, authored by the caller. Answers with the version once every
    /// log of the user reads for the new device too. Repeating it succeeds; Conflict LostRace for another version.
    void link(const Caller& caller, DeviceManifest manifest, PreKeyUpload keys, Done<std::uint64_t> done);
    /// The next version with one device less. Its keys are gone and its connections told to close before the answer.
    void revoke(const Caller& caller, DeviceManifest manifest, Done<std::uint64_t> done);
    /// Manifests of `user` with a version > `after`, oldest first, at most listsAtOnce (ListCopies.h). The caller's own
    /// account, or somebody with whom a conversation exists; NotFound otherwise.
    void list(const Caller& caller, UserId user, std::uint64_t after, Done<std::vector<SignedManifest>> done);

private:
    ChatContext& context_;
};

} // namespace kith::server
