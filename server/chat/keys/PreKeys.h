#pragma once
/// Pre-keys of devices: published, handed out once, told when few are left (crypto notes: X3DH). Thread: any; see
/// Caller.h.

#include "server/chat/Caller.h"
#include "server/domain/Manifest.h"
#include "server/domain/PreKeys.h"

namespace kith::server
{

struct ChatContext;

struct ClaimedKeys {
    SignedManifest manifest;
    std::vector<PreKeyBundle> bundles;
};

class PreKeys
{
public:
    explicit PreKeys(ChatContext& context) : context_(context) {}

    /// Answers with the number of one-time keys now held. Ids rise: one that is not above every id published before is
    /// passed over, so that a repeated upload adds nothing and a used key never comes back.
    void publish(const Caller& caller, PreKeyUpload keys, Done<std::uint32_t> done);
    /// Bundles of the named devices of `user` (none named: all), never of the caller's own. Each one-time key is
    /// deleted in the transaction that hands it out. The caller's own account, or somebody with whom a conversation
    /// exists and who does not block the caller; NotFound otherwise.
    void claim(const Caller& caller, UserId user, std::vector<DeviceId> devices, Done<ClaimedKeys> done);

private:
    ChatContext& context_;
};

} // namespace kith::server
