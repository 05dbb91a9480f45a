#pragma once
/// The server of a simulation: the real rules, the real storage engine and the real peers of two gateways, over a disk
/// in memory that loses what was not synced. Owned by the run. Single-threaded.

#include "server/chat/Chat.h"
#include "server/gateway/PeerHub.h"
#include "server/gateway/calls/WireSystemRecords.h"
#include "server/registry/local/LocalRegistry.h"
#include "tests/sim/VirtualNetwork.h"
#include "tests/support/server/LossyBus.h"
#include "tests/support/server/MemoryKv.h"
#include "tests/support/server/MemoryStorage.h"

namespace kith::sim
{

class VirtualServer
{
public:
    VirtualServer(World& world, VirtualNetwork& network);
    ~VirtualServer();

    void start();
    /// The power is cut: connections, memory and unsynced writes are gone.
    void crash();
    /// The end of the story, which is no fault.
    void stop();
    [[nodiscard]] bool running() const { return core_ != nullptr; }
    /// Of the running process, with the strand that calls are made on.
    [[nodiscard]] server::Chat& chat();
    [[nodiscard]] Executor& strand();
    void setBusFaults(test::LossyBus::Faults faults);

private:
    class FreeRates final : public server::Rates
    {
    public:
        [[nodiscard]] Millis take(server::Rate, ByteView) override { return Millis{0}; }
    };
    struct Core;

    void tick();

    World& world_;
    VirtualNetwork& network_;
    test::MemoryKv disk_;
    FreeRates rates_;
    server::WireSystemRecords records_;
    server::DeliveryBudget budget_{256U << 20};
    test::LossyBus::Faults faults_;
    Life life_;
    std::unique_ptr<Core> core_;
};

} // namespace kith::sim
