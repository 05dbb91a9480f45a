#include "tests/sim/VirtualServer.h"

namespace kith::sim
{
namespace
{

const Bytes serverId(16, 'S');
const Bytes serverKey(32, 'K');
constexpr Millis tickEvery{1000};

} // namespace

/// What dies with the process; in order of construction.
struct VirtualServer::Core {
    Core(World& world, test::MemoryKv& disk, server::Rates& rates, const server::SystemRecords& records,
         server::DeliveryBudget& budget, const Life& life)
        : executor(world, life), registry(world.clock()), bus(world.random()),
          storage(*test::MemoryStorage::open(disk, world.clock(), world.random(), executor)),
          chat({*storage, bus, registry, world.clock(), world.random(), rates, records, executor}, config()),
          hub({chat, world.clock(), world.random(), executor, devices, budget, {serverId, true, server::Limits{}}}, bus,
              registry)
    {
    }

    static server::ChatConfig config()
    {
        server::ChatConfig out;
        out.serverId = serverId;
        out.serverKey = serverKey;
        out.registrationOpen = true;
        return out;
    }

    VirtualExecutor executor;
    server::LocalRegistry registry;
    test::LossyBus bus;
    std::unique_ptr<test::MemoryStorage> storage;
    server::Chat chat;
    server::DeviceDirectory devices;
    server::PeerHub hub;
};

VirtualServer::VirtualServer(World& world, VirtualNetwork& network) : world_(world), network_(network) {}

VirtualServer::~VirtualServer()
{
    if (core_)
        crash();
}

void VirtualServer::start()
{
    life_ = std::make_shared<bool>(true);
    core_ = std::make_unique<Core>(world_, disk_, rates_, records_, budget_, life_);
    core_->bus.faults = faults_;
    core_->chat.start([this](const Result<void>&) {
        core_->hub.start();
        network_.serve(&core_->hub, life_);
        tick();
    });
}

server::Chat& VirtualServer::chat()
{
    return core_->chat;
}

Executor& VirtualServer::strand()
{
    return core_->executor;
}

void VirtualServer::tick()
{
    core_->chat.tick();
    core_->hub.tick();
    world_.after(tickEvery, life_, [this] { tick(); });
}

void VirtualServer::crash()
{
    *life_ = false;
    network_.serve(nullptr, life_);
    disk_.crash(world_.oneIn(2) ? test::MemoryKv::Unsynced::Lost : test::MemoryKv::Unsynced::Kept);
    core_.reset();
    disk_.revive();
}

void VirtualServer::setBusFaults(test::LossyBus::Faults faults)
{
    faults_ = faults;
    if (core_)
        core_->bus.faults = faults;
}

} // namespace kith::sim
