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
    Core(World& world, Clock& clock, VirtualNetwork& network, const test::MemoryDisk& disk, const Life& life,
         SessionEvents events)
        : executor(world, life), timers(world, life), transport(network, life),
          store(*ClientStore::open({"/kith.db", disk.vfs()}, SecretBytes::copyOf(Bytes(32, '\x5a')))),
          session({clock, world.random(), timers, executor, transport, *store}, std::move(events))
    {
    }

    VirtualExecutor executor;
    VirtualTimers timers;
    VirtualTransport transport;
    std::unique_ptr<ClientStore> store;
    Session session;
};

VirtualDevice::VirtualDevice(World& world, VirtualNetwork& network, std::string handle, std::string name)
    : world_(world), network_(network), handle_(std::move(handle)), name_(name.empty() ? handle_ : std::move(name)),
      clock_(world)
{
}

VirtualDevice::~VirtualDevice()
{
    if (core_)
        end();
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
    disk_.heal();
    SessionEvents events;
    // A write did not succeed: that was the power going. What the process did after it is on no disk.
    events.storeStopped = [this](const Error&) {
        world_.after(Millis{0}, life_, [this] {
            world_.happened(Fault::DeviceCrashAtWrite);
            end();
        });
    };
    core_ = std::make_unique<Core>(world_, clock_, network_, disk_, life_, std::move(events));
    registerOrStart();
}

void VirtualDevice::crashAtWrite()
{
    const std::size_t more = world_.below(30);
    if (world_.oneIn(2))
        disk_.failWritesAfter(more);
    else
        disk_.failSyncsAfter(more / 4);
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
    world_.happened(Fault::DeviceCrash);
    end();
}

void VirtualDevice::end()
{
    if (world_.oneIn(2)) // the machine died with the process: nobody closes its connection
        network_.cut(core_->transport, VirtualNetwork::Cut::DeafBoth);
    *life_ = false;
    disk_.crash(world_.random());
    core_.reset();
}

} // namespace kith::sim
