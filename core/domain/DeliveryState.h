#pragma once
/// The one truth a row shows about an own message: clock, one tick, two ticks, filled, failed. Derived, never stored.
/// Thread: pure functions.

#include "core/domain/Marks.h"
#include "core/domain/Message.h"

#include <span>
#include <string_view>

namespace kith
{

enum class DeliveryState {
    Received,    ///< Somebody else's.
    Queued,      ///< Waits for a connection or for sealing.
    Sending,     ///< Sealed or on the wire.
    Accepted,    ///< The server has it: one tick.
    Delivered,   ///< A device of every other member has it: two ticks.
    Read,        ///< It was on a screen of every other member.
    Unconfirmed, ///< A restored server no longer has it.
    Failed,
};

/// `marks` are those of the conversation; the own user's and those of other generations are the caller's to leave out.
[[nodiscard]] DeliveryState deliveryState(const Message& message, std::span<const MemberMark> others);

/// "received", "queued", "sending", "accepted", "delivered", "read", "unconfirmed", "failed".
[[nodiscard]] std::string_view name(DeliveryState state);

} // namespace kith
