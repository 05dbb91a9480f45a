#pragma once
/// One row of a conversation as this device has it: an entry of the log, or an own message that the server has not
/// numbered yet. Text is UTF-8, checked where it enters. Thread: plain values.

#include "core/base/Clock.h"
#include "core/domain/LogPosition.h"
#include "core/domain/MessageReference.h"
#include "core/domain/OutboxState.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kith
{

/// Numbers are the store's: never change them.
enum class MessageKind : std::uint8_t {
    Text = 1,
    Unknown = 2,   ///< Opened, but of a kind that this version does not know: "Update Kith to see this".
    System = 3,    ///< The server's record; `raw` holds it.
    Control = 4,   ///< Nothing to show: a profile, an answer to a resend request, a foreign entry kind.
    Waiting = 5,   ///< Could not be opened yet; repair is under way and ends (P7).
    Lost = 6,      ///< Declared lost: visible, for ever.
    Tombstone = 7, ///< Deleted for everyone; numbers and hashes stay.
    Duplicate = 8, ///< The same message at a second number (a server that repeats): never shown (P2).
};

/// What the receiver's chain says about the point of the log that the sender had seen (P4).
enum class ChainCheck : std::uint8_t {
    Unknown = 0, ///< Before this device's start, or the sender did not say.
    Equal = 1,
    Different = 2, ///< "Your copy and Ana's differ."
};

/// The server's side of a message, told apart from ours.
enum class Confirmation : std::uint8_t {
    Confirmed = 1,
    Unconfirmed = 2, ///< A restored server no longer has it (P1's one exception).
};

/// Why an own message was not taken; kept until it is tried again.
struct SendFailure {
    std::string code;  ///< "module/name" as in docs/errors.md; empty: it failed before codes were kept.
    std::string words; ///< One sentence.
    friend bool operator==(const SendFailure&, const SendFailure&) = default;
};

/// The store's number of a row; stable while the database lives, meaningless elsewhere.
using MessageId = StrongNumber<struct MessageIdTag>;

struct Message {
    MessageId id;
    LogId log;
    std::optional<LogPosition> position; ///< Absent until the server has numbered it.
    UserId author;                       ///< Null: the server.
    DeviceId device;                     ///< Null: the server.
    bool own = false;                    ///< Written by this account (any of its devices).
    ClientMsgId clientMsgId;             ///< Null in the server's entries.
    Bytes commitment;                    ///< 32 octets, or empty before sealing and in the server's entries.
    std::optional<WallTime> serverTime;  ///< What is shown.
    std::optional<WallTime> senderClock; ///< A detail that the author's device claims; orders nothing (P3).
    MessageKind kind = MessageKind::Text;
    std::string text;
    std::optional<MessageReference> replyTo;
    Bytes raw;                          ///< Unknown and System: the bytes; Lost: the reason's name.
    std::optional<OutboxState> outbox;  ///< Only for what this device composed.
    std::optional<SendFailure> failure; ///< Exactly with outbox Failed.
    Confirmation confirmation = Confirmation::Confirmed;
    ChainCheck chainCheck = ChainCheck::Unknown;

    [[nodiscard]] MessageReference reference() const { return {author, clientMsgId, commitment}; }
};

/// Shown in the timeline at all.
[[nodiscard]] bool isVisible(MessageKind kind);
/// Counted as unread when somebody else wrote it.
[[nodiscard]] bool isCounted(MessageKind kind);

} // namespace kith
