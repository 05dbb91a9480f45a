#pragma once
/// Fetches pre-key bundles for devices that we have no session with. Owned by Outbox. Engine thread.

#include "core/sync/DeviceDirectory.h"

#include <set>

namespace kith
{

class KeyClaims
{
public:
    KeyClaims(SyncContext& context, DeviceDirectory& directory) : context_(context), directory_(directory) {}

    /// One call per account. What is refused or missing is simply not among the bundles: a device without an envelope
    /// asks for a resend later. The newest manifests come along and are learnt.
    void claim(const std::vector<DeviceAddress>& devices, Completion<std::vector<PreKeyBundle>> done);

private:
    [[nodiscard]] Result<std::vector<PreKeyBundle>> read(UserId user, const wire::ClaimKeysResponse& answer);
    void answered(UserId user, Result<wire::ClaimKeysResponse> answer, Completion<std::vector<PreKeyBundle>> done);

    SyncContext& context_;
    DeviceDirectory& directory_;
};

} // namespace kith
