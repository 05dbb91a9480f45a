#pragma once
/// An executor that runs when a test says so, on the test's thread, in order. Owned by the test. Thread: post() from
/// any, the rest from one.

#include "core/base/Executor.h"

#include <deque>
#include <mutex>
#include <utility>

namespace kith::test
{

class ManualExecutor final : public Executor
{
public:
    void post(std::function<void()> work) override
    {
        const std::scoped_lock lock(mutex_);
        work_.push_back(std::move(work));
    }
    /// Runs the oldest piece of work; false where there is none.
    bool runOne()
    {
        std::function<void()> work;
        {
            const std::scoped_lock lock(mutex_);
            if (work_.empty())
                return false;
            work = std::move(work_.front());
            work_.pop_front();
        }
        work();
        return true;
    }
    /// Until nothing is left, what the work posts included.
    void runAll()
    {
        while (runOne()) {
        }
    }

private:
    std::mutex mutex_;
    std::deque<std::function<void()>> work_;
};

} // namespace kith::test
