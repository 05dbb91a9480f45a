#pragma once
/// Keeps this device's pre-keys on the server: a signed one each week, a hundred one-time ones (crypto.md section 2).
/// Stored first, published second. Owned by SyncEngine. Engine thread.

#include "core/e2ee/PreKeys.h"
#include "core/protocol/wire/keys.pb.h"
#include "core/sync/SyncContext.h"

namespace kith
{

class KeyUpkeep
{
public:
    explicit KeyUpkeep(SyncContext& context) : context_(context) {}

    /// The server has `left` one-time pre-keys of this device.
    void check(std::size_t left);

private:
    SyncContext& context_;
    bool publishing_ = false;
};

/// The public halves that a plan publishes, as they travel.
[[nodiscard]] wire::PreKeyUpload toWire(const PreKeyPlan& plan);

} // namespace kith
