#pragma once
/// The event dispatcher of a gateway thread: epoll, one timerfd and one eventfd behind Qt's public dispatcher
/// interface. Qt's own dispatchers poll every open socket each turn; here a turn costs what is active (decision 0022).
///
/// Invariants:
///  1. A notifier removed during a turn hears nothing more of it, and neither does the notifier of a new socket that
///  was
///     given the same descriptor number meanwhile.
///  2. Level-triggered: what a turn does not handle (a nested loop took over, the batch was full) is reported again.
///  3. A timer fires at most once a turn, never inside its own handler, and skips missed ticks instead of piling up.
///
/// Thread: lives in and serves one thread; wakeUp() and interrupt() from any.

#include "server/gateway/TimerQueue.h"

#include <QAbstractEventDispatcher>

#include <atomic>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

class QSocketNotifier;

namespace kith::server
{

class EpollDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT
public:
    /// Work done since the start; what a turn costs can be read off as a difference.
    struct Work {
        std::uint64_t turns = 0;       ///< Calls of processEvents.
        std::uint64_t waits = 0;       ///< Calls of epoll_wait.
        std::uint64_t readyFds = 0;    ///< Descriptors that epoll reported, wake-ups and the timer included.
        std::uint64_t activations = 0; ///< Notifiers told.
        std::uint64_t timers = 0;      ///< Timer events sent.
        std::uint64_t controls = 0;    ///< Calls of epoll_ctl.
    };

    explicit EpollDispatcher(QObject* parent = nullptr);
    ~EpollDispatcher() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier* notifier) override;
    void unregisterSocketNotifier(QSocketNotifier* notifier) override;

    void registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject* object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject* object) override;
    QList<TimerInfo> registeredTimers(QObject* object) const override;
    int remainingTime(int timerId) override;

    void wakeUp() override;
    void interrupt() override;

    /// While off, read notifiers of the descriptor hear nothing but its end: back-pressure below Qt's sockets. To be
    /// switched on again before the descriptor is closed.
    void setReading(int fd, bool on);

    [[nodiscard]] const Work& work() const { return work_; }

private:
    /// What the notifiers of one descriptor ask for, and what the kernel was last told.
    struct Watch {
        QSocketNotifier* notifiers[3] = {}; ///< Indexed by QSocketNotifier::Type.
        std::uint32_t kernelMask = 0;
        std::uint32_t serial = 0; ///< Tells this registration from a later one of the same number.
        bool known = false;       ///< To the kernel.
        bool dirty = false;

        /// Any notifier registered?
        [[nodiscard]] bool used() const
        {
            return notifiers[0] != nullptr || notifiers[1] != nullptr || notifiers[2] != nullptr;
        }
        [[nodiscard]] std::uint32_t wanted(bool reading) const;
    };

    [[nodiscard]] bool ownThread() const;
    void watchInternal(int fd);
    void tellKernel(int fd, Watch& watch);
    void changed(int fd, Watch& watch);
    void applyChanges();
    bool wait(QEventLoop::ProcessEventsFlags flags, bool mayBlock);
    bool waitWithoutSockets(bool mayBlock);
    void armTimer(bool mayBlock);
    void drainWakeUps();
    bool activateNotifiers();
    bool activateTimers();

    struct Ready {
        std::uint64_t key;
        std::uint32_t events;
    };

    int epoll_ = -1;
    int timer_ = -1;
    int wake_ = -1;
    std::atomic<Qt::HANDLE> owner_{nullptr}; ///< Thread that runs the loop; learnt in the first turn.
    std::unordered_map<int, Watch> watches_;
    std::vector<int> dirty_;
    std::unordered_set<int> unread_; ///< Switched off by setReading().
    std::vector<Ready> ready_;       ///< Reported by the latest wait; handled up to nextReady_.
    std::size_t nextReady_ = 0;
    std::uint32_t nextSerial_ = 1;
    TimerQueue timers_;
    std::int64_t armedFor_ = 0;         ///< Absolute nanoseconds the timerfd stands at; 0: disarmed.
    std::atomic<bool> wakeSent_{false}; ///< The eventfd is readable or about to be.
    std::atomic<bool> interrupted_{false};
    bool ownWake_ = false; ///< Woken from our own thread: no system call is needed to know it.
    Work work_;
};

} // namespace kith::server
