#include "server/chat/messages/ConflictCounter.h"

namespace kith::server
{

std::size_t ConflictCounter::count(DeviceId device, ClientMsgId message) const
{
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find({device, message});
    return found == counts_.end() ? 0 : found->second;
}

void ConflictCounter::add(DeviceId device, ClientMsgId message)
{
    const std::lock_guard lock(mutex_);
    const auto [at, added] = counts_.try_emplace({device, message}, 0);
    ++at->second;
    if (!added)
        return;
    order_.emplace_back(device, message);
    if (order_.size() > capacity_) {
        counts_.erase(order_.front());
        order_.pop_front();
    }
}

} // namespace kith::server
