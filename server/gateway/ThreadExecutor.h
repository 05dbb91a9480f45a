#pragma once
/// One thread that runs what is posted to it, in order: a strand for the server's rules, where reads of the storage may
/// block. Owned by whoever composes the server. Thread: post() from any; stop() from any but its own.

#include "core/base/Executor.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace kith::server
{

class ThreadExecutor final : public Executor
{
public:
    ThreadExecutor();
    ~ThreadExecutor() override;
    ThreadExecutor(const ThreadExecutor&) = delete;
    ThreadExecutor& operator=(const ThreadExecutor&) = delete;

    void post(std::function<void()> work) override;
    /// Runs what was posted until now, and what that posts, then ends the thread. Later posts are dropped.
    void stop();

private:
    void run();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::function<void()>> queue_;
    bool stopping_ = false;
    bool stopped_ = false;
    std::thread thread_; ///< Last: starts when everything else stands.
};

} // namespace kith::server
