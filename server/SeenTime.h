#pragma once
/// The time that a server last saw with a clock that was right, kept in its store. Thread: any but an event loop.

#include "server/ClockWatch.h"
#include "server/config/ServerConfig.h"
#include "server/storage/Storage.h"

namespace kith::server
{

/// Nullopt in a store that nothing was written to.
[[nodiscard]] Result<std::optional<WallTime>> seenTime(const Storage& storage);
/// Keeps it; with the next group commit.
void keepSeenTime(Storage& storage, WallTime seen);
[[nodiscard]] inline Millis longestPause(const ServerConfig& config)
{
    return std::chrono::hours(24 * config.longestPauseDays);
}

} // namespace kith::server
