#pragma once
/// Receipts are watermarks, not entries: what one person's devices have stored and what was on a screen. They never
/// fall. Thread: plain values.

#include "core/base/StrongId.h"

#include <cstdint>
#include <vector>

namespace kith
{

struct MemberMark {
    UserId user;
    Seq delivered;
    Seq read; ///< 0 also when this person keeps read marks private.

    friend bool operator==(const MemberMark&, const MemberMark&) = default;
};

/// All marks of a conversation at one revision of the server.
struct ConversationMarks {
    Generation generation;
    std::uint64_t revision = 0;
    std::vector<MemberMark> members;
};

/// What this device has to tell the server about one log; stated again until it is acknowledged.
struct AckState {
    LogId log;
    Generation generation;
    Seq cursor;
    Seq delivered;              ///< 0 while nothing may leave: the message request is not accepted.
    Seq read;                   ///< 0 while nothing may leave; what was on this account's screens.
    std::vector<Seq> unopened;  ///< At most 64, at or below the cursor.
    SendNo sendNo;              ///< Highest of this device in this log that it knows to be accepted: never falls.
    std::uint64_t revision = 0; ///< Of the store; hand it back when the server has answered.
};

} // namespace kith
