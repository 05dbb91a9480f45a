#pragma once
/// An application that measures every event of the GUI thread: what takes longer than a person notices is noted, and
/// fails the test that asks. Processor time of the thread, not the clock on the wall, so that a busy machine does not
/// fail it. Owned by main(). Thread: the GUI thread.

#include <QGuiApplication>

#include <ctime>
#include <string>
#include <vector>

namespace kith::test
{

class WatchedApplication : public QGuiApplication
{
public:
    static constexpr double limitMs = 50;

    using QGuiApplication::QGuiApplication;

    /// Measuring begins; what happened before (compiling QML, the first frame) does not count.
    void watch(bool on)
    {
        watching_ = on;
        slow_.clear();
    }
    /// One line per event that took longer than the limit.
    [[nodiscard]] const std::vector<std::string>& slow() const { return slow_; }

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (!watching_ || depth_ > 0)
            return QGuiApplication::notify(receiver, event);
        const std::string name =
            std::string(receiver->metaObject()->className()) + ", event " + std::to_string(event->type());
        ++depth_;
        const double before = threadMs();
        const bool taken = QGuiApplication::notify(receiver, event);
        const double spent = threadMs() - before;
        --depth_;
        if (spent > limitMs)
            slow_.push_back(name + ": " + std::to_string(spent) + " ms");
        return taken;
    }

private:
    static double threadMs()
    {
        timespec spent{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
        return static_cast<double>(spent.tv_sec) * 1e3 + static_cast<double>(spent.tv_nsec) / 1e6;
    }

    std::vector<std::string> slow_;
    int depth_ = 0; ///< Events within an event belong to it.
    bool watching_ = false;
};

} // namespace kith::test
