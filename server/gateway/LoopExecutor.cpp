#include "server/gateway/LoopExecutor.h"

#include "core/base/Log.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace kith::server
{

LoopExecutor::LoopExecutor() : wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    if (wake_ < 0)
        log(LogLevel::Error, "event_loop", {{"failed", std::string_view("eventfd")}});
    notifier_ = std::make_unique<QSocketNotifier>(wake_, QSocketNotifier::Read);
    QObject::connect(notifier_.get(), &QSocketNotifier::activated, notifier_.get(), [this] { runPosted(); });
}

LoopExecutor::~LoopExecutor()
{
    close();
    if (wake_ >= 0)
        ::close(wake_);
}

void LoopExecutor::close()
{
    notifier_.reset();
    std::vector<std::function<void()>> dropped; // dies after the lock: what it holds may post
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    dropped.swap(queue_);
}

void LoopExecutor::post(std::function<void()> work)
{
    const std::scoped_lock lock(mutex_);
    if (closed_)
        return;
    queue_.push_back(std::move(work));
    if (queue_.size() > 1)
        return; // the loop is awake or about to be
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
}

void LoopExecutor::runPosted()
{
    std::vector<std::function<void()>> batch;
    {
        const std::scoped_lock lock(mutex_);
        std::uint64_t count = 0;
        (void)!::read(wake_, &count, sizeof count);
        batch.swap(queue_);
    }
    for (auto& work : batch) {
        work();
        work = nullptr;
    }
}

} // namespace kith::server
