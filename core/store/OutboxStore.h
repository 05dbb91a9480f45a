#pragma once
/// Own messages on their way: the table of core/domain/OutboxState.h walked inside transactions. A message is sealed
/// once; what is stored then is exactly what is sent, however often (P2). Owned by ClientStore. Thread: the engine
/// thread.

#include "core/crypto/SecretBytes.h"
#include "core/domain/Conversation.h"
#include "core/domain/Message.h"
#include "core/store/StoreContext.h"

#include <optional>
#include <vector>

namespace kith
{

/// What a person (or the engine, with Control) wants to say.
struct NewMessage {
    LogId log;
    ClientMsgId clientMsgId;
    MessageKind kind = MessageKind::Text; ///< Text or Control; Control is sent and never shown.
    std::string text;
    std::optional<MessageReference> replyTo;
    Bytes raw;            ///< Control: its content, encoded.
    WallTime senderClock; ///< What this device's clock said; travels inside the message.
};

struct OutboxItem {
    MessageId id;
    LogId log;
    ClientMsgId clientMsgId;
    OutboxState state = OutboxState::Queued;
    SendNo sendNo; ///< 0 before sealing.
    /// The serialized SendMessage request but for send_no, which stands beside it: a refused message's number goes to
    /// the next one, and no ciphertext may change for that.
    Bytes sealed;
    SecretBytes contentSecret;  ///< For envelopes to devices that a conflict names; gone once accepted.
    std::uint32_t attempts = 0; ///< Times handed to a connection.
};

/// What the server (or one's own entry in the log) says about an accepted message.
struct Acceptance {
    std::optional<LogPosition> position; ///< Absent for "accepted earlier": the log will show it.
    std::optional<WallTime> serverTime;
    Bytes chain; ///< Chain value there, or empty.
};

class OutboxStore
{
public:
    explicit OutboxStore(StoreContext& context) : context_(context) {}

    /// Queues; the row is in the timeline at once. A repeated client_msg_id returns the first row.
    [[nodiscard]] Result<MessageId> compose(const NewMessage& message, const UserId& author, const DeviceId& device);

    [[nodiscard]] Result<std::optional<OutboxItem>> find(MessageId id);
    /// In order of composing, those behind `after`; seal them in that order.
    [[nodiscard]] Result<std::vector<OutboxItem>> queued(MessageId after, std::size_t limit);
    /// Conversations that have a sealed message which no connection carries.
    [[nodiscard]] Result<std::vector<LogId>> logsToSend();
    /// Sealed and sent ones of one log in order of send_no.
    [[nodiscard]] Result<std::vector<OutboxItem>> unanswered(const LogId& log, std::size_t limit);
    /// Conversations with something not accepted and not failed.
    [[nodiscard]] Result<std::vector<LogId>> logs();
    /// What a person may try again, in order of composing; `log` null: of all.
    [[nodiscard]] Result<std::vector<MessageId>> failed(const LogId& log);
    /// Not accepted and not failed.
    [[nodiscard]] Result<std::size_t> pending();

    /// Assigns the log's next send_no; Refused while an older one of the log is still queued. Call in the transaction
    /// that saves the sessions: ciphertext, number and ratchet reach the disk together.
    [[nodiscard]] Result<SendNo> seal(MessageId id, ByteView sealed, ByteView commitment, ByteView contentSecret);
    /// The same body and number with other envelopes, after the server named a newer device list.
    [[nodiscard]] Result<void> reseal(MessageId id, ByteView sealed);
    [[nodiscard]] Result<void> handOver(MessageId id);
    /// No connection any more: everything sent is to be sent again.
    [[nodiscard]] Result<void> disconnected();
    [[nodiscard]] Result<void> accept(MessageId id, const Acceptance& acceptance);
    /// The server will not take it. Its send_no is free again: later ones of the log move down by one (they cannot have
    /// been accepted, the server takes numbers without a gap) and are sent again.
    /// The message keeps `reason` and takes the place where it was composed.
    [[nodiscard]] Result<void> reject(MessageId id, const Error& reason);
    /// At the end of the timeline again, as what waits to be sent does.
    [[nodiscard]] Result<void> retry(MessageId id);
    /// Messages of this device that the server accepted in the log's present generation: it may forget none of them.
    [[nodiscard]] Result<std::size_t> accepted(const LogId& log);
    /// The server expects `expected` next from this device (a restored server): unanswered ones are numbered from
    /// there.
    [[nodiscard]] Result<void> renumber(const LogId& log, SendNo expected);

private:
    StoreContext& context_;
};

} // namespace kith
