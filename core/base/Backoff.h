#pragma once
/// When to try again: full jitter (a uniform draw from zero to the ceiling), DESIGN section 3. Thread: plain value.

#include "core/base/Clock.h"
#include "core/base/Random.h"

namespace kith
{

/// At most 1.5 s between tries in the first minute, then the ceiling doubles with each try up to 60 s.
class Backoff
{
public:
    static constexpr Millis eagerCeiling{1500};
    static constexpr Millis eagerPeriod{60'000};
    static constexpr Millis longest{60'000};

    /// The wait before the next try. `now` is the monotone clock; the first call after reset() starts the minute.
    [[nodiscard]] Millis next(MonoTime now, Random& random);
    /// The server asked for at least this wait (Goodbye, rate_limited); holds for the next try only.
    void atLeast(Millis wait) { floor_ = wait; }
    /// Connected, the network changed, or a person looks: start over.
    void reset();

private:
    MonoTime since_{};
    bool started_ = false;
    Millis ceiling_ = eagerCeiling;
    Millis floor_{0};
};

} // namespace kith
