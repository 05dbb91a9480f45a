#include "server/gateway/ThreadExecutor.h"

namespace kith::server
{

ThreadExecutor::ThreadExecutor() : thread_([this] { run(); }) {}

ThreadExecutor::~ThreadExecutor()
{
    stop();
}

void ThreadExecutor::post(std::function<void()> work)
{
    const std::scoped_lock lock(mutex_);
    if (stopped_)
        return;
    queue_.push_back(std::move(work));
    if (queue_.size() == 1)
        wake_.notify_one();
}

void ThreadExecutor::stop()
{
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        wake_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

void ThreadExecutor::run()
{
    std::vector<std::function<void()>> batch;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return !queue_.empty() || stopping_; });
            if (queue_.empty()) {
                stopped_ = true;
                return;
            }
            batch.swap(queue_);
        }
        for (auto& work : batch) {
            work();
            work = nullptr; // what it held goes now, not when the batch ends
        }
        batch.clear();
    }
}

} // namespace kith::server
