#pragma once
/// Time, injected. Nothing but an adapter of this interface may read the system's clocks (.ci/check-layers.py looks).

#include <chrono>
#include <cstdint>

namespace kith
{

/// Milliseconds since 1970-01-01 UTC. Only shown or compared with the server's; it never orders anything (P3).
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Milliseconds since an arbitrary start; never goes back, may stand still while the machine sleeps.
struct MonoClockTag {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonoClockTag, duration>;
    static constexpr bool is_steady = true;
};
using MonoTime = MonoClockTag::time_point;
using Millis = std::chrono::milliseconds;

[[nodiscard]] inline WallTime wallFromMillis(std::int64_t ms)
{
    return WallTime{Millis{ms}};
}
[[nodiscard]] inline std::int64_t toMillis(WallTime time)
{
    return time.time_since_epoch().count();
}

/// Thread: implementations are callable from any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual WallTime wall() const = 0;
    [[nodiscard]] virtual MonoTime mono() const = 0;
};

/// The machine's clocks: std::chrono::system_clock and CLOCK_MONOTONIC.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] WallTime wall() const override;
    [[nodiscard]] MonoTime mono() const override;
};

} // namespace kith
