#pragma once
/// The bus of one process: each gateway's executor is its queue, bounded by a count of what was handed to it and not
/// run yet. Thread: see Bus.h.

#include "server/bus/Bus.h"

#include <atomic>
#include <mutex>
#include <unordered_map>

namespace kith::server
{

class LocalBus final : public Bus
{
public:
    /// What a gateway may have waiting; more is lost, and shows as a gap.
    static constexpr std::size_t queueLimit = 16'384;

    explicit LocalBus(NodeId node, std::size_t limit = queueLimit) : node_(node), limit_(limit) {}

    void subscribe(GatewayId gateway, Executor& executor, Receiver receiver) override;
    void unsubscribe(GatewayId gateway) override;
    void publish(GatewayId to, std::shared_ptr<const BusEvent> event) override;

private:
    struct Subscription {
        Subscription(Executor& on, Receiver to) : executor(on), receiver(std::move(to)) {}

        Executor& executor;
        Receiver receiver;
        std::mutex mutex; ///< Keeps numbers and the executor's order the same.
        std::uint64_t number = 0;
        std::atomic<std::size_t> waiting{0};
        std::atomic<bool> ended{false};
    };

    NodeId node_;
    std::size_t limit_;
    std::mutex mutex_;
    std::unordered_map<GatewayId, std::shared_ptr<Subscription>> subscriptions_;
};

} // namespace kith::server
