#pragma once
/// Timers and Executor on the event loop of the thread that made them: the thin shell between the core and Qt. Owned by
/// the composition root; what is pending dies with it. Thread: after() on the owning thread, post() from any.

#include "core/base/Executor.h"
#include "core/base/Timers.h"

#include <QObject>

namespace kith::net
{

class QtTimers final : public Timers
{
public:
    [[nodiscard]] std::unique_ptr<Timer> after(Millis delay, std::function<void()> work) override;
};

class QtExecutor final : public Executor
{
public:
    void post(std::function<void()> work) override;

private:
    QObject context_; ///< Queued work is bound to its life and thread.
};

} // namespace kith::net
