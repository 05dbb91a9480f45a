#include "server/gateway/EpollDispatcher.h"

#include "core/base/Log.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QSocketNotifier>
#include <QThread>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kith::server
{
namespace
{

constexpr int maxReadyPerWait = 256;
/// Keys of our own descriptors; those of sockets carry a serial and are never 0 or 1.
constexpr std::uint64_t wakeKey = 0;
constexpr std::uint64_t timerKey = 1;

/// What makes each type of notifier speak. A hung-up or failed descriptor is news for all three, as with Qt's own
/// dispatchers; otherwise epoll, which reports both unasked, would spin.
constexpr std::uint32_t trouble = EPOLLHUP | EPOLLERR;
constexpr std::uint32_t interest[3] = {EPOLLIN, EPOLLOUT, EPOLLPRI};

std::int64_t nowNanos()
{
    return QDeadlineTimer::current(Qt::PreciseTimer).deadlineNSecs();
}

void complain(std::string_view what)
{
    log(LogLevel::Error, "event_loop", {{"failed", what}, {"reason", std::string_view(std::strerror(errno))}});
}

} // namespace

std::uint32_t EpollDispatcher::Watch::wanted(bool reading) const
{
    std::uint32_t mask = 0;
    for (int type = 0; type < 3; ++type)
        mask |= notifiers[type] != nullptr ? interest[type] : 0;
    return reading ? mask : mask & ~std::uint32_t{EPOLLIN};
}

EpollDispatcher::EpollDispatcher(QObject* parent)
    : QAbstractEventDispatcher(parent), epoll_(epoll_create1(EPOLL_CLOEXEC)),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    if (epoll_ < 0 || timer_ < 0 || wake_ < 0)
        complain("epoll_create");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = wakeKey;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) != 0)
        complain("epoll_ctl");
    event.data.u64 = timerKey;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event) != 0)
        complain("epoll_ctl");
}

EpollDispatcher::~EpollDispatcher()
{
    for (const int fd : {epoll_, timer_, wake_}) {
        if (fd >= 0)
            ::close(fd);
    }
}

bool EpollDispatcher::ownThread() const
{
    return QThread::currentThreadId() == owner_.load(std::memory_order_relaxed);
}

void EpollDispatcher::wakeUp()
{
    if (ownThread()) {
        ownWake_ = true;
        return;
    }
    if (!wakeSent_.exchange(true)) {
        const std::uint64_t one = 1;
        if (::write(wake_, &one, sizeof one) != sizeof one)
            complain("eventfd");
    }
}

void EpollDispatcher::interrupt()
{
    interrupted_ = true;
    wakeUp();
}

void EpollDispatcher::drainWakeUps()
{
    std::uint64_t count = 0;
    if (::read(wake_, &count, sizeof count) < 0 && errno != EAGAIN)
        complain("eventfd");
    wakeSent_ = false; // after the read: whoever finds it set from here on writes again
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    ++work_.turns;
    if (owner_.load(std::memory_order_relaxed) == nullptr)
        owner_.store(QThread::currentThreadId(), std::memory_order_relaxed);
    interrupted_ = false;
    ownWake_ = false;
    Q_EMIT awake();
    QCoreApplication::sendPostedEvents();
    if (interrupted_)
        return false;

    const bool mayBlock = flags.testFlag(QEventLoop::WaitForMoreEvents) && !ownWake_;
    if (mayBlock)
        Q_EMIT aboutToBlock();
    const bool woken = wait(flags, mayBlock && !ownWake_ && !interrupted_);
    if (mayBlock)
        Q_EMIT awake();

    bool any = woken;
    any |= activateNotifiers();
    if (!flags.testFlag(QEventLoop::X11ExcludeTimers))
        any |= activateTimers();
    return any;
}

void EpollDispatcher::armTimer(bool mayBlock)
{
    const auto next = timers_.next();
    // Armed only where a wait could need it; a deadline that stands already is left alone.
    const std::int64_t wanted = mayBlock && next ? std::max<std::int64_t>(*next, 1) : armedFor_;
    if (wanted == armedFor_)
        return;
    itimerspec spec{};
    spec.it_value.tv_sec = wanted / 1'000'000'000;
    spec.it_value.tv_nsec = wanted % 1'000'000'000;
    if (timerfd_settime(timer_, TFD_TIMER_ABSTIME, &spec, nullptr) != 0)
        complain("timerfd");
    armedFor_ = wanted;
}

bool EpollDispatcher::waitWithoutSockets(bool mayBlock)
{
    pollfd fds[2] = {{wake_, POLLIN, 0}, {timer_, POLLIN, 0}};
    if (::poll(fds, 2, mayBlock ? -1 : 0) <= 0)
        return false;
    if ((fds[1].revents & POLLIN) != 0) {
        std::uint64_t ticks = 0;
        (void)!::read(timer_, &ticks, sizeof ticks);
        armedFor_ = 0;
    }
    if ((fds[0].revents & POLLIN) == 0)
        return false;
    drainWakeUps();
    return true;
}

bool EpollDispatcher::wait(QEventLoop::ProcessEventsFlags flags, bool mayBlock)
{
    nextReady_ = 0;
    ready_.clear(); // what an outer turn left unhandled is reported again (invariant 2)
    const auto next = flags.testFlag(QEventLoop::X11ExcludeTimers) ? std::nullopt : timers_.next();
    if (next && *next <= nowNanos())
        mayBlock = false;
    armTimer(mayBlock && next.has_value());
    ++work_.waits;
    if (flags.testFlag(QEventLoop::ExcludeSocketNotifiers))
        return waitWithoutSockets(mayBlock);

    applyChanges();
    epoll_event events[maxReadyPerWait];
    const int count = epoll_wait(epoll_, events, maxReadyPerWait, mayBlock ? -1 : 0);
    if (count < 0) {
        if (errno != EINTR)
            complain("epoll_wait");
        return false;
    }
    work_.readyFds += static_cast<std::uint64_t>(count);
    bool woken = false;
    for (int i = 0; i < count; ++i) {
        if (events[i].data.u64 == wakeKey) {
            drainWakeUps();
            woken = true;
        } else if (events[i].data.u64 == timerKey) {
            std::uint64_t ticks = 0;
            (void)!::read(timer_, &ticks, sizeof ticks);
            armedFor_ = 0;
        } else {
            ready_.push_back({events[i].data.u64, events[i].events});
        }
    }
    return woken;
}

void EpollDispatcher::tellKernel(int fd, Watch& watch)
{
    const std::uint32_t wanted = watch.wanted(unread_.empty() || unread_.find(fd) == unread_.end());
    if (wanted == watch.kernelMask && watch.known)
        return;
    epoll_event event{};
    event.events = wanted;
    event.data.u64 = (static_cast<std::uint64_t>(watch.serial) << 32) | static_cast<std::uint32_t>(fd);
    ++work_.controls;
    if (epoll_ctl(epoll_, watch.known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0)
        complain("epoll_ctl");
    watch.known = true;
    watch.kernelMask = wanted;
}

/// Interest changes are told just before waiting: a write notifier that is switched on and off within a turn, which is
/// what Qt's sockets do for most writes, costs no system call.
void EpollDispatcher::applyChanges()
{
    for (const int fd : dirty_) {
        const auto found = watches_.find(fd);
        if (found == watches_.end() || !found->second.dirty)
            continue;
        found->second.dirty = false;
        tellKernel(fd, found->second);
    }
    dirty_.clear();
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier* notifier)
{
    const int fd = static_cast<int>(notifier->socket());
    Watch& watch = watches_[fd];
    if (watch.serial == 0)
        watch.serial = nextSerial_ = nextSerial_ == UINT32_MAX ? 2 : nextSerial_ + 1;
    QSocketNotifier*& slot = watch.notifiers[notifier->type()];
    if (slot != nullptr && slot != notifier)
        log(LogLevel::Warning, "event_loop", {{"failed", std::string_view("two notifiers of one type for a socket")}});
    slot = notifier;
    changed(fd, watch);
}

void EpollDispatcher::changed(int fd, Watch& watch)
{
    if (watch.dirty)
        return;
    watch.dirty = true;
    dirty_.push_back(fd);
}

void EpollDispatcher::setReading(int fd, bool on)
{
    if (on)
        unread_.erase(fd);
    else
        unread_.insert(fd);
    if (const auto found = watches_.find(fd); found != watches_.end())
        changed(fd, found->second);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier* notifier)
{
    const int fd = static_cast<int>(notifier->socket());
    const auto found = watches_.find(fd);
    if (found == watches_.end() || found->second.notifiers[notifier->type()] != notifier)
        return;
    Watch& watch = found->second;
    watch.notifiers[notifier->type()] = nullptr;
    if (watch.used()) {
        changed(fd, watch);
        return;
    }
    // At once, not before the next wait: the number may belong to another socket by then.
    if (watch.known) {
        ++work_.controls;
        epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); // fails harmlessly where the descriptor is closed already
    }
    watches_.erase(found);
}

bool EpollDispatcher::activateNotifiers()
{
    bool any = false;
    // Members, because a handler may run a nested loop: its wait() replaces the list, and it leaves nothing of it to
    // us.
    while (nextReady_ < ready_.size()) {
        const Ready ready = ready_[nextReady_++];
        const int fd = static_cast<int>(ready.key & 0xffffffffU);
        const auto serial = static_cast<std::uint32_t>(ready.key >> 32);
        for (int type = 0; type < 3; ++type) {
            if ((ready.events & (interest[type] | trouble)) == 0)
                continue;
            const auto found = watches_.find(fd); // again each time: a handler may have removed it
            if (found == watches_.end() || found->second.serial != serial)
                break;
            QSocketNotifier* notifier = found->second.notifiers[type];
            if (notifier == nullptr)
                continue;
            ++work_.activations;
            any = true;
            QEvent event(QEvent::SockAct);
            QCoreApplication::sendEvent(notifier, &event);
        }
    }
    return any;
}

void EpollDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject* object)
{
    timers_.add(timerId, interval, timerType, object, nowNanos());
}

bool EpollDispatcher::unregisterTimer(int timerId)
{
    return timers_.remove(timerId);
}

bool EpollDispatcher::unregisterTimers(QObject* object)
{
    return timers_.removeAll(object);
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject* object) const
{
    return timers_.of(object);
}

int EpollDispatcher::remainingTime(int timerId)
{
    return timers_.remaining(timerId, nowNanos());
}

bool EpollDispatcher::activateTimers()
{
    if (timers_.empty())
        return false;
    const std::int64_t now = nowNanos();
    const std::uint64_t turn = work_.turns;
    bool any = false;
    while (const auto due = timers_.take(now, turn)) {
        any = true;
        ++work_.timers;
        QTimerEvent event(due->id);
        QCoreApplication::sendEvent(due->object, &event);
        timers_.done(*due, nowNanos());
    }
    return any;
}

} // namespace kith::server
