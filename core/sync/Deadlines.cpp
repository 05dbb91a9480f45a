#include "core/sync/Deadlines.h"

#include <algorithm>

namespace kith
{

void Deadlines::connected()
{
    since_ = context_.clock.mono();
    countLater();
}

void Deadlines::disconnected()
{
    timer_.reset();
    if (since_)
        count();
    since_.reset();
}

void Deadlines::countLater()
{
    timer_ = context_.timers.after(countEvery, [this] {
        count();
        countLater();
    });
}

void Deadlines::count()
{
    const MonoTime now = context_.clock.mono();
    // A machine that slept was not online, whatever it thinks of its connection.
    const Millis span = std::min(Millis(now - *since_), 2 * countEvery);
    since_ = now;
    std::size_t lost = 0;
    const auto kept = context_.store.write([&]() -> Result<void> {
        KITH_CHECK(context_.store.account().addOnlineTime(span));
        KITH_TRY(lost, context_.store.inbox().loseExpired());
        return {};
    });
    if (kept && lost > 0) // a stopped writer is told by the store
        lost_();
}

} // namespace kith
