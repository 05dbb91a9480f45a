#include "server/bus/local/LocalBus.h"

namespace kith::server
{

void LocalBus::subscribe(GatewayId gateway, Executor& executor, Receiver receiver)
{
    auto subscription = std::make_shared<Subscription>(executor, std::move(receiver));
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Subscription>& at = subscriptions_[gateway];
    if (at)
        at->ended = true;
    at = std::move(subscription);
}

void LocalBus::unsubscribe(GatewayId gateway)
{
    const std::lock_guard lock(mutex_);
    if (const auto at = subscriptions_.find(gateway); at != subscriptions_.end()) {
        at->second->ended = true;
        subscriptions_.erase(at);
    }
}

void LocalBus::publish(GatewayId to, std::shared_ptr<const BusEvent> event)
{
    std::shared_ptr<Subscription> subscription;
    {
        const std::lock_guard lock(mutex_);
        const auto at = subscriptions_.find(to);
        if (at == subscriptions_.end())
            return;
        subscription = at->second;
    }
    const std::lock_guard lock(subscription->mutex);
    BusMessage message{node_, ++subscription->number, std::move(event)};
    if (subscription->waiting.load() >= limit_)
        return;
    ++subscription->waiting;
    subscription->executor.post([subscription, message = std::move(message)] {
        --subscription->waiting;
        if (!subscription->ended)
            subscription->receiver(message);
    });
}

} // namespace kith::server
