#include "tests/support/server/LossyBus.h"

#include <utility>

namespace kith::test
{

using namespace server;

void LossyBus::subscribe(GatewayId gateway, Executor& executor, Receiver receiver)
{
    auto subscription = std::make_shared<Subscription>();
    subscription->executor = &executor;
    subscription->receiver = std::move(receiver);
    subscriptions_[gateway] = std::move(subscription);
}

void LossyBus::unsubscribe(GatewayId gateway)
{
    subscriptions_.erase(gateway);
}

void LossyBus::publish(GatewayId to, std::shared_ptr<const BusEvent> event)
{
    const auto at = subscriptions_.find(to);
    if (at == subscriptions_.end())
        return;
    const std::shared_ptr<Subscription> subscription = at->second;
    const BusMessage message{*NodeId::fromBytes(Bytes(NodeId::size, 'n')), ++subscription->number, std::move(event)};
    if (doomed_.erase(to) > 0 || happens(faults.lose)) {
        ++counts_.lost;
        return;
    }
    subscription->waiting.push_back(message);
    if (happens(faults.repeat)) {
        ++counts_.repeated;
        subscription->waiting.push_back(message);
    }
    const std::weak_ptr<Subscription> target = subscription;
    if (happens(faults.delay)) {
        ++counts_.delayed;
        Executor* const executor = subscription->executor;
        executor->post([executor, target] { executor->post([target] { deliver(target); }); });
        return;
    }
    subscription->executor->post([target] { deliver(target); });
}

/// Everything that waits, in order of numbers.
void LossyBus::deliver(const std::weak_ptr<Subscription>& target)
{
    const std::shared_ptr<Subscription> subscription = target.lock();
    if (!subscription)
        return;
    for (const BusMessage& message : std::exchange(subscription->waiting, {}))
        subscription->receiver(message);
}

} // namespace kith::test
