// What happens to people, machines and the network while they write.

#include "tests/sim/Scenario.h"

#include <array>

namespace kith::sim
{

void Scenario::write()
{
    VirtualDevice& from = *devices_[world_.below(devices_.size())];
    const VirtualDevice& to = *devices_[world_.below(people_)];
    if (from.handle() == to.handle() || !from.running())
        return;
    say(from, to.handle(), from.handle() + "-" + std::to_string(++nextText_));
    const auto conversation = between(from, to.handle());
    if (conversation && world_.oneIn(3))
        static_cast<void>(from.session().markRead(conversation->log, conversation->cursor));
}

void Scenario::disturbServer()
{
    if (server_.running()) {
        note("the server crashes");
        server_.crash();
    } else {
        note("the server starts");
        server_.start();
    }
}

void Scenario::disturbPower(VirtualDevice& device)
{
    if (!device.running()) {
        note(device.name() + " starts");
        device.start();
    } else if (world_.oneIn(2)) {
        note(device.name() + " crashes");
        device.crash();
    } else {
        note(device.name() + " will crash as it writes");
        device.crashAtWrite();
    }
}

void Scenario::disturbConnection(VirtualDevice& device)
{
    using Cut = VirtualNetwork::Cut;
    struct Kind {
        Cut cut;
        const char* words;
    };
    static constexpr std::array kinds{
        Kind{Cut::Break, " is cut off"},
        Kind{Cut::Linger, " is cut off, and what it sent comes late"},
        Kind{Cut::DeafUp, " is not heard any more"},
        Kind{Cut::DeafDown, " hears nothing any more"},
        Kind{Cut::DeafBoth, " has a dead connection"},
    };
    const Kind& kind = kinds[world_.below(kinds.size())];
    note(device.name() + kind.words);
    network_.cut(device.transport(), kind.cut);
}

void Scenario::disturb()
{
    VirtualDevice& device = *devices_[world_.below(devices_.size())];
    const std::uint64_t dice = world_.below(12);
    if (dice == 0)
        return disturbServer();
    if (dice == 1)
        return disturbPower(device);
    if (dice == 2)
        return network_.setLatency(Millis{1}, Millis{static_cast<Millis::rep>(1 + world_.below(800))});
    if (dice > 6)
        return write();
    if (!device.running())
        return;
    if (dice == 3) {
        const bool reachable = world_.oneIn(2);
        note(device.name() + (reachable ? " has a network" : " has no network"));
        network_.setReachable(device.transport(), reachable);
    } else if (dice == 4) {
        const Millis jump = Millis{static_cast<Millis::rep>(world_.below(7'200'000))} - Millis{3'600'000};
        note(device.name() + "'s clock jumps by " + std::to_string(jump.count() / 1000) + " s");
        world_.happened(Fault::ClockJump);
        device.clock().wrongBy += jump;
    } else {
        disturbConnection(device);
    }
}

} // namespace kith::sim
