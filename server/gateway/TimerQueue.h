#pragma once
/// The timers of one event loop, ordered by deadline: everything about Qt's timer semantics that needs no descriptor.
/// Time is an argument (nanoseconds of the monotone clock), so that it can be tested by hand. Thread: its owner's.

#include <QAbstractEventDispatcher>

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace kith::server
{

class TimerQueue
{
public:
    using Nanos = std::int64_t;

    /// `interval` in milliseconds. Coarse timers may move by 5 % and very coarse ones to whole seconds, so that many
    /// fall on one wake-up.
    void add(int id, qint64 interval, Qt::TimerType type, QObject* object, Nanos now);
    bool remove(int id);
    bool removeAll(const QObject* object);
    [[nodiscard]] QList<QAbstractEventDispatcher::TimerInfo> of(const QObject* object) const;
    /// Milliseconds until `id` fires, rounded up, 0 when due; -1 for an unknown one.
    [[nodiscard]] int remaining(int id, Nanos now) const;
    [[nodiscard]] bool empty() const { return timers_.empty(); }
    /// Deadline of the next timer; nullopt when none waits.
    [[nodiscard]] std::optional<Nanos> next() const;

    struct Due {
        int id;
        std::uint64_t serial;
        QObject* object;
    };
    /// Takes the first timer that was due at `now`, has not fired in `turn` yet and is not being handled; it waits
    /// again only after done().
    [[nodiscard]] std::optional<Due> take(Nanos now, std::uint64_t turn);
    /// The handler of `due` returned: the timer, if it still exists, waits for its next tick after `now`.
    void done(const Due& due, Nanos now);

private:
    struct Timer {
        qint64 interval;
        Qt::TimerType type;
        QObject* object;
        std::uint64_t serial;
        Nanos deadline;
        std::uint64_t firedIn = 0;
        bool handling = false;
    };
    [[nodiscard]] static Nanos aligned(Nanos deadline, qint64 interval, Qt::TimerType type);

    std::unordered_map<int, Timer> timers_;
    std::set<std::pair<Nanos, int>> order_; ///< Of all that are not being handled.
    std::uint64_t nextSerial_ = 1;
};

} // namespace kith::server
