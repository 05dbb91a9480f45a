// What must hold once everything has healed.

#include "tests/sim/Scenario.h"

#include <algorithm>

namespace kith::sim
{

std::vector<Message> Scenario::rows(VirtualDevice& one, const std::string& other)
{
    const auto conversation = between(one, other);
    auto found = conversation ? one.session().history(conversation->log, 10'000)
                              : Result<std::vector<Message>>(std::vector<Message>());
    return found ? std::move(*found) : std::vector<Message>();
}

std::string Scenario::unsettled(VirtualDevice& device)
{
    const auto status = device.session().status();
    if (!status)
        return device.name() + ": " + status.error().describe();
    if (status->queued > 0)
        return device.name() + " has " + std::to_string(status->queued) + " messages to send";
    if (status->connection.state != net::ConnectionState::Online)
        return device.name() + " is " + std::string(net::stateName(status->connection.state));
    const auto all = device.store().conversations().all();
    const auto waiting = device.store().inbox().waiting(1);
    if (!all || !waiting || !waiting->empty())
        return device.name() + " waits for a message";
    for (const Conversation& conversation : *all) {
        if (conversation.cursor < conversation.head)
            return device.name() + " lacks entries of a log";
    }
    return {};
}

std::string Scenario::unsettled()
{
    for (const auto& device : devices_) {
        if (!device->running())
            return device->name() + " does not run";
        if (std::string words = unsettled(*device); !words.empty())
            return words;
    }
    for (std::size_t i = 0; i < people_; ++i) {
        for (const auto& device : devices_) {
            for (std::size_t j = 0; j < people_; ++j) {
                const std::string& person = devices_[i]->handle();
                const std::string& peer = devices_[j]->handle();
                if (i == j || (device->handle() != person && device->handle() != peer))
                    continue;
                const auto here = between(*device, device->handle() == person ? peer : person);
                const auto there = between(*devices_[i], peer);
                if (!here || !there || here->cursor != there->cursor)
                    return device->name() + " has not the end of what " + person + " and " + peer + " wrote";
            }
        }
    }
    return {};
}

std::optional<Broken> Scenario::check()
{
    for (std::size_t i = 0; i < people_; ++i) {
        for (std::size_t j = i + 1; j < people_; ++j) {
            if (auto broken = checkPair(devices_[i]->handle(), devices_[j]->handle()))
                return broken;
        }
    }
    return std::nullopt;
}

std::optional<Broken> Scenario::checkPair(const std::string& one, const std::string& other)
{
    const auto first =
        std::find_if(devices_.begin(), devices_.end(), [&](const auto& d) { return d->handle() == one; });
    const std::vector<Message> whole = rows(**first, other);
    Seq last;
    for (const Message& row : whole) {
        if (!row.position)
            return Broken{"P6", (*first)->name() + ": a message has no number after everything healed"};
        if (row.position->seq <= last)
            return Broken{"P3", (*first)->name() + ": numbers do not rise"};
        last = row.position->seq;
    }
    for (const auto& device : devices_) {
        if (device->handle() != one && device->handle() != other)
            continue;
        const std::string& peer = device->handle() == one ? other : one;
        if (auto broken = checkCopy(*device, peer, whole))
            return broken;
        if (auto broken = checkTexts(*device, peer))
            return broken;
    }
    return std::nullopt;
}

/// A device has the conversation from its start on as the person's first device has it.
std::optional<Broken> Scenario::checkCopy(VirtualDevice& device, const std::string& peer,
                                          const std::vector<Message>& whole)
{
    const std::string where = device.name() + " with " + peer;
    const Seq from = between(device, peer)->fromSeq;
    const std::vector<Message> copy = rows(device, peer);
    auto expected = std::find_if(whole.begin(), whole.end(), [&](const Message& r) { return r.position->seq >= from; });
    if (static_cast<std::size_t>(whole.end() - expected) != copy.size()) {
        return Broken{"P1", where + " has " + std::to_string(copy.size()) + " messages instead of " +
                                std::to_string(whole.end() - expected)};
    }
    for (const Message& row : copy) {
        const Message& other = *expected++;
        if (row.position != other.position || row.text != other.text || row.author != other.author)
            return Broken{"P3", where + " shows another order at #" + std::to_string(other.position->seq.value())};
        const std::string place = " #" + std::to_string(row.position->seq.value());
        if (row.kind == MessageKind::Lost || row.kind == MessageKind::Waiting)
            return Broken{"P7", where + place + " could not be opened"};
        if (row.chainCheck == ChainCheck::Different)
            return Broken{"P4", where + ": copies differ at" + place};
        if (row.own != (row.author == users_.at(device.handle())))
            return Broken{"P3", where + place + " stands on the wrong side"};
    }
    return std::nullopt;
}

/// Everything that was written since the device takes part stands there, once. What the server says is not asked.
std::optional<Broken> Scenario::checkTexts(VirtualDevice& device, const std::string& peer)
{
    const std::vector<Message> copy = rows(device, peer);
    const auto since = joined_.find(&device);
    for (const auto& [text, written] : written_) {
        const bool here = (written.from == device.handle() && written.to == peer) ||
                          (written.from == peer && written.to == device.handle());
        const auto times =
            std::count_if(copy.begin(), copy.end(), [&words = text](const Message& row) { return row.text == words; });
        if (here && times == 0 && (since == joined_.end() || written.at >= since->second))
            return Broken{"P1", device.name() + " does not have \"" + text + "\""};
        if (times > (here ? 1 : 0))
            return Broken{"P2", device.name() + " has \"" + text + "\" " + std::to_string(times) + " times"};
    }
    return std::nullopt;
}

} // namespace kith::sim
