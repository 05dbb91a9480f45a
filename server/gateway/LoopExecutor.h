#pragma once
/// Runs work on the event loop of the thread that made it. One wake-up carries everything posted since the last.
/// Owned by whoever owns that thread. Thread: post() from any; close() on the loop; destroyed when nobody posts any
/// more.

#include "core/base/Executor.h"

#include <QSocketNotifier>

#include <mutex>
#include <vector>

namespace kith::server
{

class LoopExecutor final : public Executor
{
public:
    LoopExecutor();
    ~LoopExecutor() override;
    LoopExecutor(const LoopExecutor&) = delete;
    LoopExecutor& operator=(const LoopExecutor&) = delete;

    void post(std::function<void()> work) override;
    /// The loop ends: what waits, and what is posted later, is dropped.
    void close();

private:
    void runPosted();

    int wake_ = -1; ///< An eventfd.
    std::mutex mutex_;
    std::vector<std::function<void()>> queue_;
    bool closed_ = false;
    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace kith::server
