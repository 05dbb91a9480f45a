// What must hold once everything has healed.

#include "tests/sim/Scenario.h"

#include <algorithm>
#include <map>

namespace kith::sim
{

std::vector<Message> Scenario::rows(VirtualDevice& one, const VirtualDevice& other)
{
    const auto conversation = between(one, other);
    auto found = conversation ? one.session().history(conversation->log, 10'000)
                              : Result<std::vector<Message>>(std::vector<Message>());
    return found ? std::move(*found) : std::vector<Message>();
}

std::optional<Broken> Scenario::check()
{
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        for (std::size_t j = i + 1; j < devices_.size(); ++j) {
            if (auto broken = checkPair(*devices_[i], *devices_[j]))
                return broken;
            for (const Message& row : rows(*devices_[i], *devices_[j]))
                ++seen[row.text];
        }
    }
    for (const std::string& text : written_) {
        const bool greeting = text.rfind("hello", 0) == 0; // the same words may greet two people
        if (seen[text] == 0)
            return Broken{"P1", "\"" + text + "\" was written and is nowhere"};
        if (seen[text] > 1 && !greeting)
            return Broken{"P2", "\"" + text + "\" stands " + std::to_string(seen[text]) + " times"};
    }
    return std::nullopt;
}

std::optional<Broken> Scenario::checkPair(VirtualDevice& one, VirtualDevice& other)
{
    const std::string pair = one.handle() + " and " + other.handle();
    const auto mine = rows(one, other);
    const auto theirs = rows(other, one);
    if (mine.size() != theirs.size()) {
        return Broken{"P1", pair + " have " + std::to_string(mine.size()) + " and " + std::to_string(theirs.size()) +
                                " messages"};
    }
    Seq last;
    for (std::size_t i = 0; i < mine.size(); ++i) {
        if (!mine[i].position || !theirs[i].position)
            return Broken{"P6", pair + ": a message has no number after everything healed"};
        if (mine[i].position->seq <= last)
            return Broken{"P3", pair + ": numbers do not rise"};
        last = mine[i].position->seq;
        if (mine[i].position != theirs[i].position || mine[i].text != theirs[i].text)
            return Broken{"P3", pair + " see another order at #" + std::to_string(last.value())};
        for (const Message* row : {&mine[i], &theirs[i]}) {
            if (row->kind == MessageKind::Lost || row->kind == MessageKind::Waiting)
                return Broken{"P7", pair + ": #" + std::to_string(last.value()) + " could not be opened"};
            if (row->chainCheck == ChainCheck::Different)
                return Broken{"P4", pair + ": copies differ at #" + std::to_string(last.value())};
        }
    }
    return std::nullopt;
}

} // namespace kith::sim
