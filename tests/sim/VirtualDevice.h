#pragma once
/// A person's device in a simulation: the real session over a disk in memory and the virtual network. Owned by the run.
/// Single-threaded.

#include "core/session/Session.h"
#include "core/store/ClientStore.h"
#include "tests/sim/VirtualNetwork.h"
#include "tests/support/store/MemoryDisk.h"

namespace kith::sim
{

class VirtualTimers final : public Timers
{
public:
    VirtualTimers(World& world, Life life) : world_(world), life_(std::move(life)) {}
    [[nodiscard]] std::unique_ptr<Timer> after(Millis delay, std::function<void()> work) override;

private:
    World& world_;
    Life life_;
};

class VirtualDevice
{
public:
    /// `name` tells it from others of the same person.
    VirtualDevice(World& world, VirtualNetwork& network, std::string handle, std::string name = {});
    ~VirtualDevice();

    /// Before the first start(): what linking would have written. The device then has an account and does not register.
    void prepare(const std::function<void(ClientStore&)>& fill);
    /// Opens what is on the disk; registers if there is no account yet, and connects.
    void start();
    /// The power is cut; unsynced writes arrived or not, as dice fall.
    void crash();
    /// The same at one of the next writes or syncs, in the middle of whatever it then does.
    void crashAtWrite();
    void sparePower() { disk_.heal(); }
    [[nodiscard]] bool running() const { return core_ != nullptr; }
    [[nodiscard]] bool registered() const { return registered_; }

    [[nodiscard]] const std::string& handle() const { return handle_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] DeviceClock& clock() { return clock_; }
    [[nodiscard]] Session& session();
    [[nodiscard]] ClientStore& store();
    [[nodiscard]] VirtualTransport& transport();

private:
    struct Core;
    void registerOrStart();
    void end();

    World& world_;
    VirtualNetwork& network_;
    std::string handle_;
    std::string name_;
    DeviceClock clock_;
    test::MemoryDisk disk_;
    Life life_;
    std::unique_ptr<Core> core_;
    bool registered_ = false;
};

} // namespace kith::sim
