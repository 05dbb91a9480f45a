#pragma once
/// The server's clock as far as this device knows it: what expiry is judged by (mechanisms.md section 1, "Time").
/// Thread: the engine thread.

#include "core/base/Clock.h"

#include <optional>

namespace kith::net
{

class ServerTime
{
public:
    /// An answer that arrived at `receivedAt` stated `serverMs` (Unix milliseconds).
    void learn(std::int64_t serverMs, MonoTime receivedAt);
    /// Nullopt before the first answer. At most one transit time behind the server; never goes back, even when the
    /// server's clock does: then it stands until the server has caught up.
    [[nodiscard]] std::optional<WallTime> at(MonoTime now) const;

private:
    std::optional<WallTime> base_;
    MonoTime learntAt_{};
    WallTime floor_{};
};

} // namespace kith::net
