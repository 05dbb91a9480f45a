#pragma once
/// Timers of the window, on the GUI thread's event loop. Owned by the composition root; outlives who asked.

#include "core/base/Timers.h"

#include <QTimer>

namespace kith
{

class GuiTimers final : public Timers
{
public:
    [[nodiscard]] std::unique_ptr<Timer> after(Millis delay, std::function<void()> work) override
    {
        return std::make_unique<GuiTimer>(delay, std::move(work));
    }

private:
    class GuiTimer final : public Timer
    {
    public:
        GuiTimer(Millis delay, std::function<void()> work)
        {
            timer_.setSingleShot(true);
            // The work may destroy this timer: it runs from a copy that outlives the call.
            QObject::connect(&timer_, &QTimer::timeout, &timer_, [work = std::move(work)] {
                const auto running = work;
                running();
            });
            timer_.start(std::max(delay, Millis{0}));
        }

    private:
        QTimer timer_;
    };
};

} // namespace kith
