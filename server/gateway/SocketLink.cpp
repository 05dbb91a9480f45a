#include "server/gateway/SocketLink.h"

namespace kith::server
{

SocketLink::SocketLink(ConnectionId id, Executor& loop, Executor& strand, PeerEvents& events, DeliveryBudget& budget)
    : id_(id), loopExecutor_(loop), strand_(strand), events_(events), budget_(budget)
{
}

SocketLink::~SocketLink()
{
    budget_.add(-static_cast<std::int64_t>(unsent()));
}

void SocketLink::open(Loop& loop, Bytes address)
{
    loop_ = &loop;
    strand_.post(
        [self = shared_from_this(), address = std::move(address)] { self->events_.opened(self->id_, self, address); });
}

bool SocketLink::received(Bytes frame)
{
    constexpr LinkLimits limits;
    const std::scoped_lock lock(mutex_);
    if (inbox_.size() >= limits.frames || inboxBytes_ + frame.size() > limits.bytes)
        return false;
    inboxBytes_ += frame.size();
    inbox_.push_back(std::move(frame));
    if (inbox_.size() == 1)
        strand_.post([self = shared_from_this()] { self->deliver(); });
    return true;
}

void SocketLink::deliver()
{
    std::vector<Bytes> frames;
    {
        const std::scoped_lock lock(mutex_);
        frames.swap(inbox_);
        inboxBytes_ = 0;
    }
    for (Bytes& frame : frames)
        events_.frame(id_, std::move(frame));
}

void SocketLink::gone()
{
    loop_ = nullptr;
    strand_.post([self = shared_from_this()] { self->events_.gone(self->id_); });
}

std::optional<Bytes> SocketLink::takeOutgoing()
{
    const std::scoped_lock lock(mutex_);
    pumpAsked_ = false;
    if (outbox_.empty())
        return std::nullopt;
    std::optional<Bytes> frame(std::move(outbox_.front()));
    outbox_.pop_front();
    changeUnsent(-static_cast<std::int64_t>(frame->size()));
    return frame;
}

bool SocketLink::finished() const
{
    const std::scoped_lock lock(mutex_);
    return closing_ && outbox_.empty();
}

void SocketLink::socketHolds(std::size_t octets)
{
    changeUnsent(static_cast<std::int64_t>(octets) - static_cast<std::int64_t>(inSocket_));
    inSocket_ = octets;
    tellIfWritable();
}

void SocketLink::tellIfWritable()
{
    std::size_t threshold = tellBelow_.load();
    if (threshold == 0 || unsent() >= threshold || !tellBelow_.compare_exchange_strong(threshold, 0))
        return;
    strand_.post([self = shared_from_this()] { self->events_.writable(self->id_); });
}

void SocketLink::changeUnsent(std::int64_t delta)
{
    unsent_.fetch_add(static_cast<std::size_t>(delta), std::memory_order_relaxed);
    budget_.add(delta);
}

void SocketLink::askToPump(std::unique_lock<std::mutex>& lock)
{
    const bool asked = std::exchange(pumpAsked_, true);
    lock.unlock();
    if (!asked)
        loopExecutor_.post([self = shared_from_this()] {
            if (self->loop_ != nullptr)
                self->loop_->pump();
        });
}

void SocketLink::sendFrame(Bytes frame)
{
    std::unique_lock lock(mutex_);
    if (closing_)
        return;
    changeUnsent(static_cast<std::int64_t>(frame.size()));
    outbox_.push_back(std::move(frame));
    askToPump(lock);
}

void SocketLink::notifyBelow(std::size_t threshold)
{
    tellBelow_ = threshold;
    tellIfWritable();
}

void SocketLink::setReading(bool on)
{
    loopExecutor_.post([self = shared_from_this(), on] {
        if (self->loop_ != nullptr)
            self->loop_->setReading(on);
    });
}

void SocketLink::signedIn()
{
    loopExecutor_.post([self = shared_from_this()] {
        if (self->loop_ != nullptr)
            self->loop_->allowLargeFrames();
    });
}

void SocketLink::dropUnsent()
{
    const std::scoped_lock lock(mutex_);
    for (const Bytes& frame : outbox_)
        changeUnsent(-static_cast<std::int64_t>(frame.size()));
    outbox_.clear();
}

void SocketLink::close()
{
    std::unique_lock lock(mutex_);
    closing_ = true;
    askToPump(lock);
}

} // namespace kith::server
