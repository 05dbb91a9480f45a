#pragma once
/// A log's membership: the copy that appends are checked against. One record per log (Table::Conversation). Plain
/// values.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <vector>

namespace kith::server
{

enum class LogType : std::uint8_t { Direct = 1, Account = 2, Group = 3 }; ///< Group is reserved.
enum class MemberState : std::uint8_t { Requested = 1, Accepted = 2, Left = 3 };
enum class Role : std::uint8_t { Member = 1, Admin = 2 };
enum class PushFilter : std::uint8_t { All = 1, Mentions = 2, None = 3 };

/// A reading device of a member: it reads from `fromSeq`, assigned when it became a reader.
struct ReaderDevice {
    DeviceId device;
    Seq fromSeq;
};

struct Member {
    UserId user;
    MemberState state = MemberState::Requested;
    Role role = Role::Member;
    std::uint8_t rateClass = 0;
    PushFilter pushFilter = PushFilter::All;
    std::uint64_t listVersion = 0; ///< Of the device manifest that `devices` copies.
    WallTime listSince;            ///< When that version became current here.
    std::uint64_t previousListVersion = 0;
    std::vector<ReaderDevice> devices;
    bool blocksPeer = false; ///< Direct conversations: this member blocks the other. A copy of Table::Block.
};

struct Conversation {
    LogId log;
    LogType type = LogType::Direct;
    WallTime created;
    std::uint32_t hardAgeDays = 0; ///< 0: the server's default.
    std::vector<Member> members;   ///< Sorted by user.
};

} // namespace kith::server
