#pragma once
/// Things to do later, injected: Qt's event loop in programs (core/net/QtTimers), virtual time in tests and simulation.
/// Thread: each implementation belongs to one thread and runs its work there.

#include "core/base/Clock.h"

#include <functional>
#include <memory>

namespace kith
{

/// A pending piece of work. Destroying it cancels the work; after the work ran it is inert.
class Timer
{
public:
    virtual ~Timer() = default;
};

class Timers
{
public:
    virtual ~Timers() = default;
    /// Runs `work` once, `delay` of monotone time from now or later; never inside the call, even for a delay of zero.
    [[nodiscard]] virtual std::unique_ptr<Timer> after(Millis delay, std::function<void()> work) = 0;
};

} // namespace kith
