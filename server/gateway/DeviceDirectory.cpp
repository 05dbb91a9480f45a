#include "server/gateway/DeviceDirectory.h"

namespace kith::server
{

DeviceDirectory::Claim DeviceDirectory::claim(UserId user, DeviceId device, std::function<void()> replaced)
{
    auto claim = std::make_shared<std::atomic<bool>>(true);
    Entry older{claim, std::move(replaced)};
    {
        const std::scoped_lock lock(mutex_);
        std::swap(entries_[{user, device}], older);
        if (older.claim)
            older.claim->store(false);
    }
    if (older.replaced)
        older.replaced();
    return claim;
}

void DeviceDirectory::release(UserId user, DeviceId device, const Claim& claim)
{
    Entry gone; // destroyed after the lock
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find({user, device});
    if (found == entries_.end() || found->second.claim != claim)
        return;
    gone = std::move(found->second);
    entries_.erase(found);
}

std::size_t DeviceDirectory::size() const
{
    const std::scoped_lock lock(mutex_);
    return entries_.size();
}

} // namespace kith::server
