#include "tests/sim/VirtualDevice.h"

#include <algorithm>

namespace kith::sim
{
namespace
{

class VirtualTimer final : public Timer
{
public:
    explicit VirtualTimer(Life wanted) : wanted_(std::move(wanted)) {}
    ~VirtualTimer() override { *wanted_ = false; }

private:
    Life wanted_;
};

} // namespace

std::unique_ptr<Timer> VirtualTimers::after(Millis delay, std::function<void()> work)
{
    const Life wanted = std::make_shared<bool>(true);
    world_.after(std::max(delay, Millis{0}), life_, [wanted, work = std::move(work)] {
        if (std::exchange(*wanted, false))
            work();
    });
    return std::make_unique<VirtualTimer>(wanted);
}

struct VirtualDevice::Core {
    Core(World& world, VirtualNetwork& network, const test::MemoryDisk& disk, const Life& life)
        : executor(world, life), timers(world, life), transport(network, life),
          store(*ClientStore::open({"/kith.db", disk.vfs()}, SecretBytes::copyOf(Bytes(32, '\x5a')))),
          session({world.clock(), world.random(), timers, executor, transport, *store}, {})
    {
    }

    VirtualExecutor executor;
    VirtualTimers timers;
    VirtualTransport transport;
    std::unique_ptr<ClientStore> store;
    Session session;
};

VirtualDevice::VirtualDevice(World& world, VirtualNetwork& network, std::string handle)
    : world_(world), network_(network), handle_(std::move(handle))
{
}

VirtualDevice::~VirtualDevice()
{
    if (core_)
        crash();
}

Session& VirtualDevice::session()
{
    return core_->session;
}

ClientStore& VirtualDevice::store()
{
    return *core_->store;
}

VirtualTransport& VirtualDevice::transport()
{
    return core_->transport;
}

void VirtualDevice::prepare(const std::function<void(ClientStore&)>& fill)
{
    fill(**ClientStore::open({"/kith.db", disk_.vfs()}, SecretBytes::copyOf(Bytes(32, '\x5a'))));
}

void VirtualDevice::start()
{
    life_ = std::make_shared<bool>(true);
    core_ = std::make_unique<Core>(world_, network_, disk_, life_);
    registerOrStart();
}

void VirtualDevice::registerOrStart()
{
    if (const auto started = core_->session.start(); started) {
        registered_ = true;
        return;
    }
    RegistrationRequest request;
    request.server.host = "server";
    request.handle = handle_;
    core_->session.registerAccount(request, [this](const Result<OwnAccount>& account) {
        if (account) {
            registered_ = true;
            static_cast<void>(core_->session.start());
            return;
        }
        world_.after(Millis{500}, life_, [this] { registerOrStart(); });
    });
}

void VirtualDevice::crash()
{
    *life_ = false;
    disk_.crash(world_.random());
    core_.reset();
}

} // namespace kith::sim
