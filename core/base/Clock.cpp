#include "core/base/Clock.h"

namespace kith
{

WallTime SystemClock::wall() const
{
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

MonoTime SystemClock::mono() const
{
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return MonoTime{std::chrono::duration_cast<Millis>(since)};
}

} // namespace kith
