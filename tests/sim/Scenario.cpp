#include "tests/sim/Scenario.h"

#include <algorithm>
#include <cstdio>

namespace kith::sim
{
namespace
{

const std::vector<std::string> handles{"ana", "ben", "carl"};
constexpr Millis slice{250};
constexpr Millis setUpWithin{120'000};
constexpr Millis healWithin{600'000};

} // namespace

Scenario::Scenario(std::uint64_t seed, bool trace)
    : world_(seed), network_(world_), server_(world_, network_), trace_(trace)
{
    const std::size_t people = 2 + world_.below(2);
    for (std::size_t i = 0; i < people; ++i)
        devices_.push_back(std::make_unique<VirtualDevice>(world_, network_, handles[i]));
}

void Scenario::note(const std::string& what)
{
    if (trace_)
        std::fprintf(stderr, "%8lld ms  %s\n", static_cast<long long>(world_.now().count()), what.c_str());
}

bool Scenario::wait(Millis most, const std::function<bool()>& done)
{
    const Millis end = world_.now() + most;
    while (!done()) {
        if (world_.now() >= end)
            return false;
        world_.run(slice);
    }
    return true;
}

std::optional<Conversation> Scenario::between(VirtualDevice& one, const VirtualDevice& other)
{
    const auto contact = one.session().contactByHandle(other.handle());
    const auto all = one.session().conversations();
    if (!contact || !*contact || !all)
        return std::nullopt;
    const auto found =
        std::find_if(all->begin(), all->end(), [&](const Conversation& c) { return c.peer == (*contact)->user; });
    return found == all->end() ? std::nullopt : std::optional(*found);
}

bool Scenario::befriend(VirtualDevice& one, VirtualDevice& other)
{
    bool asked = false;
    const bool opened = wait(setUpWithin, [&] {
        if (between(one, other))
            return true;
        if (!std::exchange(asked, true)) {
            one.session().findPerson(other.handle(), [&](const Result<Contact>& contact) {
                if (!contact)
                    asked = false;
                else
                    one.session().openConversation(contact->user, [&](const Result<LogId>& log) { asked = log.ok(); });
            });
        }
        return false;
    });
    if (!opened)
        return false;
    if (const auto sent = one.session().sendText(between(one, other)->log, "hello from " + one.handle()); sent)
        written_.insert("hello from " + one.handle());
    bool accepted = false;
    bool answering = false;
    return wait(setUpWithin, [&] {
        const auto conversation = between(other, one);
        if (conversation && conversation->request == RequestState::Incoming && !std::exchange(answering, true)) {
            other.session().acceptRequest(conversation->log, [&](const Result<void>& answer) {
                accepted = answer.ok();
                answering = accepted;
            });
        }
        return accepted;
    });
}

void Scenario::write()
{
    VirtualDevice& from = *devices_[world_.below(devices_.size())];
    VirtualDevice& to = *devices_[world_.below(devices_.size())];
    if (&from == &to || !from.running())
        return;
    const auto conversation = between(from, to);
    if (!conversation)
        return;
    const std::string text = from.handle() + "-" + std::to_string(++nextText_);
    if (const auto sent = from.session().sendText(conversation->log, text); sent) {
        written_.insert(text);
        note(from.handle() + " writes " + text);
    }
    if (world_.oneIn(3))
        static_cast<void>(from.session().markRead(conversation->log, conversation->cursor));
}

void Scenario::disturb()
{
    VirtualDevice& device = *devices_[world_.below(devices_.size())];
    switch (world_.below(10)) {
    case 0:
        if (server_.running()) {
            note("the server crashes");
            server_.crash();
        } else {
            note("the server starts");
            server_.start();
        }
        return;
    case 1:
        if (device.running()) {
            note(device.handle() + " crashes");
            device.crash();
        } else {
            note(device.handle() + " starts");
            device.start();
        }
        return;
    case 2:
        if (device.running()) {
            note(device.handle() + " is cut off");
            network_.cut(device.transport(), false);
        }
        return;
    case 3:
        if (device.running()) {
            note(device.handle() + "'s channel goes deaf");
            network_.cut(device.transport(), true);
        }
        return;
    case 4:
        if (device.running()) {
            const bool reachable = world_.oneIn(2);
            note(device.handle() + (reachable ? " has a network" : " has no network"));
            network_.setReachable(device.transport(), reachable);
        }
        return;
    case 5:
        network_.setLatency(Millis{1}, Millis{static_cast<Millis::rep>(1 + world_.below(800))});
        return;
    default:
        write();
    }
}

void Scenario::heal()
{
    note("everything heals");
    network_.setLatency(Millis{1}, Millis{20});
    server_.setBusFaults({});
    if (!server_.running())
        server_.start();
    for (const auto& device : devices_) {
        if (!device->running())
            device->start();
        network_.setReachable(device->transport(), true);
    }
}

std::string Scenario::unsettled()
{
    for (const auto& device : devices_) {
        const auto status = device->session().status();
        if (!status)
            return device->handle() + ": " + status.error().describe();
        if (status->queued > 0)
            return device->handle() + " has " + std::to_string(status->queued) + " messages to send";
        if (status->connection.state != net::ConnectionState::Online)
            return device->handle() + " is " + std::string(net::stateName(status->connection.state));
        const auto all = device->store().conversations().all();
        const auto waiting = device->store().inbox().waiting(1);
        if (!all || !waiting || !waiting->empty())
            return device->handle() + " waits for a message";
        for (const Conversation& conversation : *all) {
            if (conversation.cursor < conversation.head)
                return device->handle() + " lacks entries of a log";
        }
    }
    for (const auto& one : devices_) {
        for (const auto& other : devices_) {
            if (one == other)
                continue;
            const auto mine = between(*one, *other);
            const auto theirs = between(*other, *one);
            if (!mine || !theirs || mine->cursor != theirs->cursor)
                return one->handle() + " and " + other->handle() + " have different ends";
        }
    }
    return {};
}

std::optional<Broken> Scenario::run()
{
    server_.start();
    for (const auto& device : devices_)
        device->start();
    const bool registered = wait(setUpWithin, [&] {
        return std::all_of(devices_.begin(), devices_.end(), [](const auto& device) { return device->registered(); });
    });
    if (!registered)
        return Broken{"P7", "somebody could not register"};
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        for (std::size_t j = i + 1; j < devices_.size(); ++j) {
            if (!befriend(*devices_[i], *devices_[j]))
                return Broken{"P7", devices_[i]->handle() + " and " + devices_[j]->handle() + " could not connect"};
        }
    }
    server_.setBusFaults({10, 10, 20});
    const std::size_t events = 40 + world_.below(80);
    for (std::size_t i = 0; i < events; ++i) {
        world_.run(Millis{static_cast<Millis::rep>(world_.below(3000))});
        disturb();
    }
    heal();
    if (!wait(healWithin, [&] { return unsettled().empty(); }))
        return Broken{"P6", "no convergence within ten minutes of peace: " + unsettled()};
    world_.run(Millis{5000});
    return check();
}

} // namespace kith::sim
