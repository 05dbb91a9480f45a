#include "core/domain/OutboxState.h"

#include <array>

namespace kith
{
namespace
{

constexpr std::size_t stateCount = 5;
constexpr std::size_t eventCount = 8;
constexpr auto no = std::optional<OutboxState>{};
constexpr auto queued = std::optional{OutboxState::Queued};
constexpr auto sealed = std::optional{OutboxState::Sealed};
constexpr auto sent = std::optional{OutboxState::Sent};
constexpr auto accepted = std::optional{OutboxState::Accepted};
constexpr auto failed = std::optional{OutboxState::Failed};

// Accept is possible in every state, for each may follow one that was on a wire: whoever meets its own entry in the log
// must not seal that message again (P2).
constexpr std::array<std::array<std::optional<OutboxState>, eventCount>, stateCount> table{{
    //            Seal    HandOver Disconnect Reseal  Accept    Reject  Retry   Requeue
    /*Queued*/ {{sealed, no, no, no, accepted, failed, no, no}},
    /*Sealed*/ {{no, sent, sealed, sealed, accepted, failed, no, queued}},
    /*Sent*/ {{no, no, sealed, sealed, accepted, failed, no, queued}},
    /*Accepted*/ {{no, no, no, no, accepted, no, no, queued}},
    /*Failed*/ {{no, no, no, no, accepted, no, queued, no}},
}};

} // namespace

std::optional<OutboxState> next(OutboxState state, OutboxEvent event)
{
    const auto row = static_cast<std::size_t>(state) - 1;
    const auto column = static_cast<std::size_t>(event);
    if (row >= stateCount || column >= eventCount)
        return std::nullopt;
    return table[row][column];
}

std::string_view name(OutboxState state)
{
    switch (state) {
    case OutboxState::Queued:
        return "queued";
    case OutboxState::Sealed:
        return "sealed";
    case OutboxState::Sent:
        return "sent";
    case OutboxState::Accepted:
        return "accepted";
    case OutboxState::Failed:
        return "failed";
    }
    return "unknown";
}

std::string_view name(OutboxEvent event)
{
    constexpr std::array<std::string_view, eventCount> names{"seal",   "hand_over", "disconnect", "reseal",
                                                             "accept", "reject",    "retry",      "requeue"};
    const auto index = static_cast<std::size_t>(event);
    return index < names.size() ? names[index] : "unknown";
}

} // namespace kith
