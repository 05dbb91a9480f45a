#include "core/store/ChangeFeed.h"

#include <algorithm>

namespace kith
{

bool StoreChanges::empty() const
{
    return !accountChanged && conversationsChanged.empty() && marksChanged.empty() && contactsChanged.empty() &&
           messagesChanged.empty();
}

void StoreChanges::merge(const StoreChanges& other)
{
    accountChanged = accountChanged || other.accountChanged;
    conversationsChanged.insert(other.conversationsChanged.begin(), other.conversationsChanged.end());
    marksChanged.insert(other.marksChanged.begin(), other.marksChanged.end());
    contactsChanged.insert(other.contactsChanged.begin(), other.contactsChanged.end());
    for (const auto& [log, changes] : other.messagesChanged) {
        MessageChanges& mine = messagesChanged[log];
        mine.added.insert(changes.added.begin(), changes.added.end());
        mine.updated.insert(changes.updated.begin(), changes.updated.end());
        std::erase_if(mine.updated, [&](MessageId id) { return mine.added.contains(id); });
    }
}

struct ChangeFeed::Subscription::State {
    std::mutex mutex;
    Executor* executor = nullptr;
    Handler handler;
    StoreChanges pending;
    bool posted = false;
    bool ended = false;
};

ChangeFeed::Subscription& ChangeFeed::Subscription::operator=(Subscription&& other) noexcept
{
    std::swap(state_, other.state_);
    return *this;
}

ChangeFeed::Subscription::~Subscription()
{
    if (!state_)
        return;
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
}

ChangeFeed::Subscription ChangeFeed::subscribe(Executor& executor, Handler handler)
{
    auto state = std::make_shared<Subscription::State>();
    state->executor = &executor;
    state->handler = std::move(handler);
    const std::lock_guard lock(mutex_);
    std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber.expired(); });
    subscribers_.push_back(state);
    return Subscription(std::move(state));
}

void ChangeFeed::publish(const StoreChanges& changes)
{
    if (changes.empty())
        return;
    const std::lock_guard lock(mutex_);
    for (const auto& subscriber : subscribers_) {
        const auto state = subscriber.lock();
        if (!state)
            continue;
        const std::lock_guard stateLock(state->mutex);
        if (state->ended)
            continue;
        state->pending.merge(changes);
        if (std::exchange(state->posted, true))
            continue; // joins what waits already
        state->executor->post([state] {
            auto facts = std::make_shared<StoreChanges>();
            {
                const std::lock_guard taking(state->mutex);
                state->posted = false;
                if (state->ended)
                    return;
                std::swap(*facts, state->pending);
            }
            state->handler(std::move(facts));
        });
    }
}

} // namespace kith
