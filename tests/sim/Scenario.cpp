#include "tests/sim/Scenario.h"

#include "tests/sim/Linking.h"

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
constexpr Millis quiet{5000};

} // namespace

Scenario::Scenario(std::uint64_t seed, bool trace)
    : world_(seed), network_(world_), server_(world_, network_), people_(2 + world_.below(2)), trace_(trace)
{
    for (std::size_t i = 0; i < people_; ++i)
        devices_.push_back(std::make_unique<VirtualDevice>(world_, network_, handles[i]));
}

void Scenario::note(const std::string& what)
{
    world_.record(what);
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

std::optional<Conversation> Scenario::between(VirtualDevice& one, const std::string& other)
{
    const auto all = one.store().conversations().all();
    if (!all)
        return std::nullopt;
    const auto found = std::find_if(all->begin(), all->end(), [&](const Conversation& c) {
        return c.type == ConversationType::Direct && c.peer == users_.at(other);
    });
    return found == all->end() ? std::nullopt : std::optional(*found);
}

void Scenario::say(VirtualDevice& from, const std::string& to, const std::string& text)
{
    const auto conversation = between(from, to);
    if (conversation && from.session().sendText(conversation->log, text)) {
        written_[text] = {from.handle(), to, world_.now()};
        note(from.name() + " writes " + text);
    }
}

bool Scenario::befriend(VirtualDevice& one, VirtualDevice& other)
{
    bool asked = false;
    const bool opened = wait(setUpWithin, [&] {
        if (between(one, other.handle()))
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
    say(one, other.handle(), one.handle() + " greets " + other.handle());
    bool accepted = false;
    bool answering = false;
    return wait(setUpWithin, [&] {
        const auto conversation = between(other, one.handle());
        if (conversation && conversation->request == RequestState::Incoming && !std::exchange(answering, true)) {
            other.session().acceptRequest(conversation->log, [&](const Result<void>& answer) {
                accepted = answer.ok();
                answering = accepted;
            });
        }
        return accepted;
    });
}

bool Scenario::linkFor(VirtualDevice& first)
{
    auto added = std::make_unique<VirtualDevice>(world_, network_, first.handle(), first.handle() + "'s tablet");
    const auto link = composeLink(first, *added, world_);
    if (!link)
        return false;
    std::optional<Result<std::uint64_t>> answer;
    callLink(server_, *link, [&](const Result<std::uint64_t>& version) { answer = version; });
    if (!wait(setUpWithin, [&] { return answer.has_value(); }) || !answer->ok())
        return false;
    note(added->name() + " is linked");
    joined_[added.get()] = world_.now();
    devices_.push_back(std::move(added));
    devices_.back()->start();
    return true;
}

void Scenario::heal()
{
    note("everything heals");
    network_.setLatency(Millis{1}, Millis{20});
    network_.setHostile(0);
    network_.breakTouched();
    server_.setBusFaults({});
    if (!server_.running())
        server_.start();
    for (const auto& device : devices_) {
        if (device->running())
            device->sparePower();
        else
            device->start();
        network_.setReachable(device->transport(), true);
    }
}

std::optional<Broken> Scenario::setUp()
{
    server_.start();
    for (const auto& device : devices_) {
        if (world_.oneIn(2))
            device->clock().wrongBy = Millis{static_cast<Millis::rep>(world_.below(7'200'000))} - Millis{3'600'000};
        device->start();
    }
    const bool registered = wait(setUpWithin, [&] {
        return std::all_of(devices_.begin(), devices_.end(), [](const auto& device) { return device->registered(); });
    });
    if (!registered)
        return Broken{"P7", "somebody could not register"};
    for (const auto& device : devices_)
        users_[device->handle()] = device->session().status()->account.user;
    for (std::size_t i = 0; i < people_; ++i) {
        for (std::size_t j = i + 1; j < people_; ++j) {
            if (!befriend(*devices_[i], *devices_[j]))
                return Broken{"P7", devices_[i]->handle() + " and " + devices_[j]->handle() + " could not connect"};
        }
    }
    for (std::size_t i = 0; i < people_; ++i) {
        if (world_.oneIn(2) && !linkFor(*devices_[i]))
            return Broken{"P7", devices_[i]->handle() + " could not link a second device"};
    }
    return std::nullopt;
}

std::optional<Broken> Scenario::story()
{
    if (auto broken = setUp())
        return broken;
    server_.setBusFaults({10, 10, 20});
    if (world_.oneIn(3)) {
        note("the network is hostile");
        network_.setHostile(15);
    }
    const std::size_t events = 40 + world_.below(80);
    for (std::size_t i = 0; i < events; ++i) {
        world_.run(Millis{static_cast<Millis::rep>(world_.below(3000))});
        disturb();
    }
    heal();
    const auto settled = [&] {
        for (const auto& device : devices_) {
            if (!device->running()) // what failed just before the peace
                device->start();
        }
        return unsettled().empty();
    };
    if (!wait(healWithin, settled))
        return Broken{"P6", "no convergence within ten minutes of peace: " + unsettled()};
    world_.run(quiet);
    return check();
}

std::optional<Broken> Scenario::run()
{
    auto broken = story();
    if (server_.running())
        server_.stop();
    return broken;
}

} // namespace kith::sim
