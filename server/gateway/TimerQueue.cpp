#include "server/gateway/TimerQueue.h"

#include <algorithm>
#include <limits>

namespace kith::server
{
namespace
{

constexpr TimerQueue::Nanos nanosPerMilli = 1'000'000;
constexpr TimerQueue::Nanos nanosPerSecond = 1'000'000'000;

} // namespace

TimerQueue::Nanos TimerQueue::aligned(Nanos deadline, qint64 interval, Qt::TimerType type)
{
    Nanos grid = 1;
    if (type == Qt::VeryCoarseTimer)
        grid = nanosPerSecond;
    else if (type == Qt::CoarseTimer && interval >= 20)
        grid = std::max<Nanos>(interval / 20, 1) * nanosPerMilli;
    return (deadline + grid - 1) / grid * grid; // up: a timer may be late, never early
}

void TimerQueue::add(int id, qint64 interval, Qt::TimerType type, QObject* object, Nanos now)
{
    remove(id);
    Timer timer{std::max<qint64>(interval, 0), type, object, nextSerial_++, 0};
    timer.deadline = aligned(now + timer.interval * nanosPerMilli, timer.interval, type);
    order_.emplace(timer.deadline, id);
    timers_.emplace(id, timer);
}

bool TimerQueue::remove(int id)
{
    const auto found = timers_.find(id);
    if (found == timers_.end())
        return false;
    order_.erase({found->second.deadline, id});
    timers_.erase(found);
    return true;
}

bool TimerQueue::removeAll(const QObject* object)
{
    bool any = false;
    for (auto it = timers_.begin(); it != timers_.end();) {
        if (it->second.object != object) {
            ++it;
            continue;
        }
        order_.erase({it->second.deadline, it->first});
        it = timers_.erase(it);
        any = true;
    }
    return any;
}

QList<QAbstractEventDispatcher::TimerInfo> TimerQueue::of(const QObject* object) const
{
    QList<QAbstractEventDispatcher::TimerInfo> list;
    for (const auto& [id, timer] : timers_) {
        if (timer.object == object)
            list.append({id, static_cast<int>(timer.interval), timer.type});
    }
    return list;
}

int TimerQueue::remaining(int id, Nanos now) const
{
    const auto found = timers_.find(id);
    if (found == timers_.end())
        return -1;
    const Nanos left = std::max<Nanos>(found->second.deadline - now, 0);
    return static_cast<int>(
        std::min<Nanos>((left + nanosPerMilli - 1) / nanosPerMilli, std::numeric_limits<int>::max()));
}

std::optional<TimerQueue::Nanos> TimerQueue::next() const
{
    if (order_.empty())
        return std::nullopt;
    return order_.begin()->first;
}

std::optional<TimerQueue::Due> TimerQueue::take(Nanos now, std::uint64_t turn)
{
    for (auto it = order_.begin(); it != order_.end() && it->first <= now; ++it) {
        const int id = it->second;
        Timer& timer = timers_.at(id);
        if (timer.firedIn == turn)
            continue;
        timer.firedIn = turn;
        timer.handling = true;
        order_.erase(it);
        return Due{id, timer.serial, timer.object};
    }
    return std::nullopt;
}

void TimerQueue::done(const Due& due, Nanos now)
{
    const auto found = timers_.find(due.id);
    if (found == timers_.end() || found->second.serial != due.serial)
        return; // stopped, or started anew, by its own handler
    Timer& timer = found->second;
    const Nanos step = timer.interval * nanosPerMilli;
    timer.handling = false;
    const Nanos ticks = step == 0 ? 0 : std::max<Nanos>((now - timer.deadline) / step, 0) + 1;
    timer.deadline = aligned(step == 0 ? now : timer.deadline + ticks * step, timer.interval, timer.type);
    order_.emplace(timer.deadline, due.id);
}

} // namespace kith::server
