#pragma once
/// What the store tells after a commit: facts in the past tense, never before they are on disk. One subscriber's facts
/// are joined until it takes them, so that a catch-up of ten thousand messages is a handful of calls. Models follow it
/// and read the rows themselves; nothing else moves from the engine to the screen. Thread: publish on the engine
/// thread; subscribe and unsubscribe anywhere; handlers run on the executor that the subscriber brought.

#include "core/base/Executor.h"
#include "core/domain/Message.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace kith
{

/// What changed in one conversation's rows.
struct MessageChanges {
    std::set<MessageId> added;
    std::set<MessageId> updated; ///< Text, state or place; a row that was added too stands only in `added`.
};

struct StoreChanges {
    bool accountChanged = false;
    std::set<LogId> conversationsChanged; ///< List row: last message, unread, request, cursor, head.
    std::set<LogId> marksChanged;
    std::set<UserId> contactsChanged;
    std::map<LogId, MessageChanges> messagesChanged;

    [[nodiscard]] bool empty() const;
    void merge(const StoreChanges& other);
};

class ChangeFeed
{
public:
    using Handler = std::function<void(std::shared_ptr<const StoreChanges>)>;

    /// Ends its subscription when destroyed; may outlive the feed. The handler is not called after it is gone, provided
    /// that it is destroyed on the executor's own thread.
    class Subscription
    {
    public:
        Subscription() = default;
        Subscription(Subscription&&) noexcept = default;
        Subscription& operator=(Subscription&& other) noexcept;
        ~Subscription();

    private:
        friend class ChangeFeed;
        struct State;
        explicit Subscription(std::shared_ptr<State> state) : state_(std::move(state)) {}
        std::shared_ptr<State> state_;
    };

    /// `executor` must outlive the subscription.
    [[nodiscard]] Subscription subscribe(Executor& executor, Handler handler);
    void publish(const StoreChanges& changes);

private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<Subscription::State>> subscribers_;
};

} // namespace kith
