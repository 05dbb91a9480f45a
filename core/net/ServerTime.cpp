#include "core/net/ServerTime.h"

#include <algorithm>

namespace kith::net
{

void ServerTime::learn(std::int64_t serverMs, MonoTime receivedAt)
{
    if (const auto known = at(receivedAt))
        floor_ = *known;
    base_ = wallFromMillis(serverMs);
    learntAt_ = receivedAt;
}

std::optional<WallTime> ServerTime::at(MonoTime now) const
{
    if (!base_)
        return std::nullopt;
    return std::max(floor_, *base_ + (now - learntAt_));
}

} // namespace kith::net
