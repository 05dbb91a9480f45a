#pragma once
/// The bus's memory twin for simulation: loses, doubles and delays what it carries, by a seed. With all chances at zero
/// it is a bus like any other. Owned by the test. Thread: the test's.

#include "core/base/Random.h"
#include "server/bus/Bus.h"

#include <map>
#include <set>

namespace kith::test
{

class LossyBus final : public server::Bus
{
public:
    /// In percent, for each message.
    struct Faults {
        unsigned lose = 0;
        unsigned repeat = 0;
        unsigned delay = 0; ///< Comes a turn of the executor later, or with the next one.
    };

    /// What happened to messages.
    struct Counts {
        std::uint64_t lost = 0;
        std::uint64_t repeated = 0;
        std::uint64_t delayed = 0;
    };

    /// `random` outlives it.
    explicit LossyBus(Random& random) : random_(random) {}

    Faults faults;
    [[nodiscard]] const Counts& counts() const { return counts_; }
    /// The next message to this gateway is lost, whatever the chances.
    void loseNext(server::GatewayId gateway) { doomed_.insert(gateway); }

    void subscribe(server::GatewayId gateway, Executor& executor, Receiver receiver) override;
    void unsubscribe(server::GatewayId gateway) override;
    void publish(server::GatewayId to, std::shared_ptr<const server::BusEvent> event) override;

private:
    struct Subscription {
        Executor* executor = nullptr;
        Receiver receiver;
        std::uint64_t number = 0;
        std::vector<server::BusMessage> waiting;
    };
    [[nodiscard]] bool happens(unsigned percent) { return percent > 0 && random_.below(100) < percent; }
    static void deliver(const std::weak_ptr<Subscription>& subscription);

    Random& random_;
    Counts counts_;
    std::map<server::GatewayId, std::shared_ptr<Subscription>> subscriptions_;
    std::set<server::GatewayId> doomed_;
};

} // namespace kith::test
