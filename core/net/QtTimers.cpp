#include "core/net/QtTimers.h"

#include <QTimer>

namespace kith::net
{
namespace
{

class QtTimer final : public Timer
{
public:
    QtTimer(Millis delay, std::function<void()> work)
    {
        timer_.setSingleShot(true);
        // Coarse timers may be 5 % late and share wake-ups; what is short must be exact.
        timer_.setTimerType(delay > std::chrono::seconds(5) ? Qt::CoarseTimer : Qt::PreciseTimer);
        // The work may destroy this timer: it runs from a copy that outlives the call.
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [work = std::move(work)] {
            const auto running = work;
            running();
        });
        timer_.start(delay);
    }

private:
    QTimer timer_;
};

} // namespace

std::unique_ptr<Timer> QtTimers::after(Millis delay, std::function<void()> work)
{
    return std::make_unique<QtTimer>(std::max(delay, Millis{0}), std::move(work));
}

void QtExecutor::post(std::function<void()> work)
{
    QMetaObject::invokeMethod(&context_, std::move(work), Qt::QueuedConnection);
}

} // namespace kith::net
