#pragma once
/// What arrives: messages, place in the log and chain in one transaction, together with whatever session state the
/// caller saves in it; the acknowledgement goes out after it committed (P1). Rows that cannot be opened yet wait here
/// with a deadline (P7). Owned by ClientStore. Thread: the engine thread.

#include "core/domain/Message.h"
#include "core/store/StoreContext.h"

#include <optional>
#include <vector>

namespace kith
{

/// What a row needs before it can be opened. Numbers are the store's: never change them.
enum class WaitingFor : std::uint8_t {
    Resend = 1,     ///< Nothing here opens it: its author's device is asked to seal it again.
    DeviceList = 2, ///< The author's device is in no list that this device has.
    Update = 3,     ///< Sealed by a newer Kith.
};

struct WaitingRow {
    WaitingFor need = WaitingFor::Resend;
    Bytes body;     ///< As received; at most 64 KiB.
    Bytes envelope; ///< Empty: none was sealed for this device.
};

/// One entry of a log, opened, or with what it waits for.
struct InboxRow {
    LogPosition position;
    MessageKind kind = MessageKind::Control;
    UserId author;   ///< Null: the server.
    DeviceId device; ///< Null: the server.
    ClientMsgId clientMsgId;
    Bytes commitment;
    std::optional<WallTime> serverTime;
    std::optional<WallTime> senderClock;
    std::string text;
    std::optional<MessageReference> replyTo;
    Bytes raw;
    Bytes chain; ///< Chain value at this entry, 32 octets.
    ChainCheck chainCheck = ChainCheck::Unknown;
    std::optional<WaitingRow> waiting; ///< Exactly with kind Waiting.
};

/// Consecutive entries of one log, the first of them cursor + 1 (or older ones that are already stored).
struct InboxBatch {
    static constexpr std::size_t maxRows = 256;
    LogId log;
    std::vector<InboxRow> rows;
    Seq head; ///< Highest known on the server; 0: not said.
};

struct InboxOutcome {
    std::vector<MessageId> added;  ///< New visible or hidden rows, in order.
    std::size_t alreadyStored = 0; ///< Redelivered: nothing happened.
    std::size_t confirmedOwn = 0;  ///< Own messages that the log confirmed.
    std::size_t duplicates = 0;    ///< The same message at another number: kept hidden.
};

struct WaitingMessage {
    Message message;
    WaitingRow row;
    Millis left{0}; ///< Online time until it is declared lost.
    std::uint32_t asked = 0;
};

class InboxStore
{
public:
    static constexpr Millis patience{std::int64_t{7} * 24 * 3600 * 1000}; ///< Online time (P7).

    explicit InboxStore(StoreContext& context) : context_(context) {}

    /// Gap where the rows leave a hole after the cursor, and where they belong to another generation without a cut.
    [[nodiscard]] Result<InboxOutcome> commit(const InboxBatch& batch);
    /// Entries up to floor - 1 are gone from the server: the cursor moves there, with one visible Lost row if this
    /// device should have had them.
    [[nodiscard]] Result<void> skipTrimmed(const LogId& log, Generation generation, Seq floor, ByteView chain);
    /// A restored server goes on after (kept.generation, kept.seq) in `generation`: what followed stays, marked
    /// unconfirmed, and this device's own is queued again under the same client_msg_id.
    [[nodiscard]] Result<void> cut(const LogId& log, LogPosition kept, Generation generation);

    [[nodiscard]] Result<std::vector<WaitingMessage>> waiting(std::size_t limit);
    /// Of one author's device: a new session may open them.
    [[nodiscard]] Result<std::vector<WaitingMessage>> waitingFrom(const UserId& author, const DeviceId& device);
    [[nodiscard]] Result<std::vector<WaitingMessage>> waitingFor(WaitingFor need);
    /// How many numbers from this device's start in the log to its cursor have no row here: the server trimmed them.
    [[nodiscard]] Result<std::uint64_t> trimmed(const LogId& log);
    [[nodiscard]] Result<void> noteAsked(MessageId id);
    /// Opened after all: `row` replaces the placeholder at its place; position and chain stay.
    [[nodiscard]] Result<void> resolve(MessageId id, const InboxRow& row);
    /// Will never be opened: visible, for ever. `reason` is a fixed snake_case name.
    [[nodiscard]] Result<void> lose(MessageId id, std::string_view reason);
    /// Declares lost whatever has waited for 7 days of online time; returns how many.
    [[nodiscard]] Result<std::size_t> loseExpired();

private:
    StoreContext& context_;
};

} // namespace kith
