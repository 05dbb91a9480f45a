#pragma once
/// A log as this device has it: who it is with, how far it is stored, what the list shows. The account log is one too.
/// Thread: plain values.

#include "core/base/Clock.h"
#include "core/domain/LogPosition.h"
#include "core/domain/Message.h"

#include <cstdint>
#include <optional>

namespace kith
{

/// Numbers are the store's: never change them.
enum class ConversationType : std::uint8_t {
    Direct = 1,  ///< Two people; with oneself: notes.
    Account = 2, ///< The account's own log; never in a list.
};

enum class RequestState : std::uint8_t {
    Accepted = 1,
    Incoming = 2, ///< A stranger's: hidden from the list until accepted; nothing leaves before that.
    Outgoing = 3, ///< Ours, not accepted yet.
    Declined = 4, ///< Left.
};

struct Conversation {
    LogId log;
    ConversationType type = ConversationType::Direct;
    UserId peer; ///< Of a direct conversation.
    RequestState request = RequestState::Accepted;

    Generation generation; ///< 0: nothing stored yet.
    Seq cursor;            ///< Everything from `fromSeq` up to here is stored, without a hole (P4).
    Bytes chain;           ///< Chain value at the cursor, 32 octets; empty: unknown (before this device's start).
    Seq head;              ///< Highest known on the server; head > cursor: there is something to fetch.
    Seq floor;             ///< Bodies below are trimmed on the server.
    Seq fromSeq;           ///< This device reads from here; older history comes from the vault.
    std::uint64_t marksRevision = 0;
    SendNo lastSendNo; ///< Highest that this device has assigned in this log.

    Seq readPosition; ///< Highest seq that was on a screen of this account.
    bool markedUnread = false;
    std::uint32_t unread = 0;
    WallTime activity;           ///< Sorts the list: server time of the newest row; with something unsent, on top.
    std::optional<Message> last; ///< The newest visible row; filled by list reads only.
};

/// Where the conversation ends for a sender: what every sealed message binds (P4).
struct ChainPoint {
    LogPosition position;
    Bytes chain;
};

} // namespace kith
