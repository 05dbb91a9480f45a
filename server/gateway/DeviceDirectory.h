#pragma once
/// Which connection of a device is the newest in this process: it fences the older ones (mechanisms.md section 2).
/// Thread: any.

#include "core/base/StrongId.h"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace kith::server
{

class DeviceDirectory
{
public:
    /// True until a newer connection of the device claims its place. Read at once by whoever acts for the older.
    using Claim = std::shared_ptr<std::atomic<bool>>;

    /// The calling connection is now the device's. The older one's claim is false when this returns, and `replaced` of
    /// that one was called; it must only post. The user belongs to the key: device ids are chosen by devices.
    [[nodiscard]] Claim claim(UserId user, DeviceId device, std::function<void()> replaced);
    /// The connection ended; a no-op where it was replaced.
    void release(UserId user, DeviceId device, const Claim& claim);
    [[nodiscard]] std::size_t size() const;

private:
    struct Entry {
        Claim claim;
        std::function<void()> replaced;
    };
    mutable std::mutex mutex_;
    std::map<std::pair<UserId, DeviceId>, Entry> entries_;
};

} // namespace kith::server
