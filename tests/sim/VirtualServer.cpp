#include "tests/sim/VirtualServer.h"

namespace kith::sim
{
namespace
{

const Bytes serverId(16, 'S');
const Bytes serverKey(32, 'K');
constexpr Millis tickEvery{1000};
constexpr std::size_t gateways = 2;
constexpr Millis strandLag{5}; // hints to the strands overtake each other

} // namespace

/// A strand and its connections.
struct Gateway {
    Gateway(World& world, const Life& life, server::Chat& chat, server::DeviceDirectory& devices,
            server::DeliveryBudget& budget, server::Bus& bus, server::Registry& registry)
        : strand(world, life, strandLag),
          hub({chat, world.clock(), world.random(), strand, devices, budget, {serverId, true, server::Limits{}}}, bus,
              registry)
    {
    }

    VirtualExecutor strand;
    server::PeerHub hub;
};

/// What dies with the process; in order of construction.
struct VirtualServer::Core {
    Core(World& world, test::MemoryKv& disk, server::Rates& rates, const server::SystemRecords& records,
         server::DeliveryBudget& budget, const Life& life)
        : executor(world, life), registry(world.clock()), bus(world.random()),
          storage(*test::MemoryStorage::open(disk, world.clock(), world.random(), executor)),
          chat({*storage, bus, registry, world.clock(), world.random(), rates, records, executor}, config())
    {
        for (std::unique_ptr<Gateway>& gateway : strands)
            gateway = std::make_unique<Gateway>(world, life, chat, devices, budget, bus, registry);
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
    std::array<std::unique_ptr<Gateway>, gateways> strands;
};

VirtualServer::VirtualServer(World& world, VirtualNetwork& network) : world_(world), network_(network) {}

VirtualServer::~VirtualServer()
{
    if (core_)
        stop();
}

void VirtualServer::start()
{
    life_ = std::make_shared<bool>(true);
    core_ = std::make_unique<Core>(world_, disk_, rates_, records_, budget_, life_);
    core_->bus.faults = faults_;
    core_->chat.start([this](const Result<void>&) {
        std::vector<server::PeerEvents*> peers;
        for (const auto& gateway : core_->strands) {
            gateway->hub.start();
            peers.push_back(&gateway->hub);
        }
        network_.serve(std::move(peers), life_);
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
    for (const auto& gateway : core_->strands)
        gateway->hub.tick();
    world_.after(tickEvery, life_, [this] { tick(); });
}

void VirtualServer::crash()
{
    const bool lost = world_.oneIn(2);
    world_.happened(lost ? Fault::ServerCrashLost : Fault::ServerCrashKept);
    disk_.crash(lost ? test::MemoryKv::Unsynced::Lost : test::MemoryKv::Unsynced::Kept);
    stop();
}

void VirtualServer::stop()
{
    *life_ = false;
    network_.serve({}, life_);
    const test::LossyBus::Counts& hints = core_->bus.counts();
    world_.happened(Fault::HintLost, hints.lost);
    world_.happened(Fault::HintDoubled, hints.repeated);
    world_.happened(Fault::HintDelayed, hints.delayed);
    if (!disk_.isDead()) // else the storage would finish its work for rules that are gone
        disk_.crash(test::MemoryKv::Unsynced::Kept);
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
