#pragma once
/// Time, timers and an executor in one hand: nothing happens until a test says so, then everything happens in order.
/// Owned by the test. Thread: one.

#include "core/base/Executor.h"
#include "core/base/Timers.h"
#include "tests/support/base/FakeClock.h"

#include <deque>
#include <map>
#include <utility>

namespace kith::test
{

class VirtualTime final : public Timers, public Executor
{
public:
    explicit VirtualTime(FakeClock& clock) : clock_(clock) {}

    [[nodiscard]] std::unique_ptr<Timer> after(Millis delay, std::function<void()> work) override
    {
        const Key key{clock_.mono() + std::max(delay, Millis{0}), ++number_};
        pending_->emplace(key, std::move(work));
        return std::make_unique<Handle>(pending_, key);
    }
    void post(std::function<void()> work) override { posted_.push_back(std::move(work)); }

    /// Runs what was posted, and what that posts, until nothing is left.
    void settle()
    {
        while (!posted_.empty()) {
            const auto work = std::move(posted_.front());
            posted_.pop_front();
            work();
        }
    }
    /// Time passes; what falls due on the way runs at its moment.
    void pass(Millis by)
    {
        const MonoTime end = clock_.mono() + by;
        settle();
        while (!pending_->empty() && pending_->begin()->first.first <= end) {
            const auto due = pending_->extract(pending_->begin());
            if (due.key().first > clock_.mono())
                clock_.advance(due.key().first - clock_.mono());
            due.mapped()();
            settle();
        }
        if (clock_.mono() < end)
            clock_.advance(end - clock_.mono());
    }
    /// The whole process stands still (SIGSTOP): time passes, nothing runs; then everything overdue runs at once.
    void freeze(Millis by)
    {
        clock_.advance(by);
        pass(Millis{0});
    }

private:
    using Key = std::pair<MonoTime, std::uint64_t>; ///< The number keeps equal moments in order of asking.
    using Pending = std::map<Key, std::function<void()>>;

    class Handle final : public Timer
    {
    public:
        Handle(std::weak_ptr<Pending> pending, Key key) : pending_(std::move(pending)), key_(key) {}
        ~Handle() override
        {
            if (const auto pending = pending_.lock())
                pending->erase(key_);
        }

    private:
        std::weak_ptr<Pending> pending_;
        Key key_;
    };

    FakeClock& clock_;
    std::shared_ptr<Pending> pending_ = std::make_shared<Pending>();
    std::deque<std::function<void()>> posted_;
    std::uint64_t number_ = 0;
};

} // namespace kith::test
