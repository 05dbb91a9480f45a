#include "core/store/MessageRows.h"

#include "core/domain/Text.h"

namespace kith::rows
{
namespace
{

constexpr std::size_t chainSize = 32;
constexpr std::size_t maxCommitment = 32;
constexpr std::size_t maxBody = 66U << 10;   // wire::maxApplicationBody
constexpr std::size_t maxEnvelopeSize = 512; // wire::maxEnvelope

std::optional<ByteView> unlessEmpty(const Bytes& bytes)
{
    return bytes.empty() ? std::nullopt : std::optional(ByteView(bytes));
}

std::optional<sqlite::Text> textUnlessEmpty(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional(sqlite::Text{text});
}

} // namespace

Result<std::optional<Existing>> findExisting(sqlite::Database& database, std::int64_t conversation,
                                             const ClientMsgId& clientMsgId, std::optional<std::int64_t> sender)
{
    if (clientMsgId.isNull() || !sender)
        return std::optional<Existing>{};
    KITH_TRY(auto row,
             database.query("SELECT id, generation, seq, own, composed, confirmation, kind, below FROM message "
                            "WHERE client_msg_id = ? AND sender = ? AND conversation = ?",
                            clientMsgId, *sender, conversation));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return std::optional<Existing>{};
    const bool numbered = row.integer(1) != unnumbered && row.integer(7) == 0;
    return std::optional(Existing{row.integer(0), row.integer(1), row.integer(2), numbered, row.integer(3) != 0,
                                  row.integer(4) != 0, row.enumeration<Confirmation>(5) == Confirmation::Unconfirmed,
                                  row.enumeration<MessageKind>(6)});
}

Result<void> vacate(sqlite::Database& database, std::int64_t conversation, std::int64_t generation, std::int64_t seq,
                    std::int64_t except)
{
    return database.run("UPDATE message SET generation = 9223372036854775807, seq = id, chain = NULL "
                        "WHERE conversation = ? AND generation = ? AND seq = ? AND below = 0 AND id <> ?",
                        conversation, generation, seq, except);
}

Result<MessageId> insert(sqlite::Database& database, std::int64_t conversation, const InboxRow& row,
                         std::optional<std::int64_t> sender, bool own, MessageKind kind)
{
    const bool duplicate = kind == MessageKind::Duplicate;
    const auto identity =
        duplicate || row.clientMsgId.isNull() ? std::optional<ClientMsgId>{} : std::optional(row.clientMsgId);
    const auto reply = duplicate ? std::optional<MessageReference>{} : row.replyTo;
    KITH_CHECK(database.run(
        "INSERT INTO message (conversation, generation, seq, sender, own, client_msg_id, commitment, server_time_ms, "
        "sender_clock_ms, kind, text, reply_author, reply_client_msg_id, reply_commitment, raw, chain, chain_check) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        conversation, row.position.generation, row.position.seq, sender, own, identity, unlessEmpty(row.commitment),
        row.serverTime, row.senderClock, kind, duplicate ? std::nullopt : textUnlessEmpty(row.text),
        reply ? std::optional(reply->author) : std::nullopt, reply ? std::optional(reply->clientMsgId) : std::nullopt,
        reply ? std::optional(ByteView(reply->commitment)) : std::nullopt,
        duplicate ? std::nullopt : unlessEmpty(row.raw), unlessEmpty(row.chain), row.chainCheck));
    return MessageId(static_cast<std::uint64_t>(database.lastInsertId()));
}

Result<void> replaceContent(sqlite::Database& database, std::int64_t id, const InboxRow& row)
{
    const auto& reply = row.replyTo;
    return database.run(
        "UPDATE message SET commitment = coalesce(?2, commitment), sender_clock_ms = ?3, kind = ?4, text = ?5, "
        "reply_author = ?6, reply_client_msg_id = ?7, reply_commitment = ?8, raw = ?9, chain_check = ?10 WHERE id = ?1",
        id, unlessEmpty(row.commitment), row.senderClock, row.kind, textUnlessEmpty(row.text),
        reply ? std::optional(reply->author) : std::nullopt, reply ? std::optional(reply->clientMsgId) : std::nullopt,
        reply ? std::optional(ByteView(reply->commitment)) : std::nullopt, unlessEmpty(row.raw), row.chainCheck);
}

Result<void> validate(const InboxRow& row)
{
    const auto invalid = [](const char* what) { return Error::make(StoreError::Invalid, what); };
    if (row.position.seq.value() == 0 || row.position.generation.value() == 0)
        return invalid("an entry has no number");
    if (row.position.generation.value() >= static_cast<std::uint64_t>(unnumbered) ||
        row.position.seq.value() >= static_cast<std::uint64_t>(unnumbered))
        return invalid("an entry's number is out of range");
    if (row.chain.size() != chainSize)
        return invalid("an entry's chain value has another size than 32 octets");
    if (row.commitment.size() > maxCommitment || row.raw.size() > maxBody || row.text.size() > maxBody)
        return invalid("an entry is larger than an entry can be");
    if ((row.kind == MessageKind::Waiting) != row.waiting.has_value())
        return invalid("a row waits exactly when it says for what");
    if (row.waiting && (row.waiting->body.size() > maxBody || row.waiting->envelope.size() > maxEnvelopeSize))
        return invalid("an entry is larger than an entry can be");
    if (row.author.isNull() != row.device.isNull())
        return invalid("an author has a device");
    if (!isValidText(row.text))
        return invalid("a text is not UTF-8");
    return {};
}

bool counts(MessageKind kind, bool own)
{
    return !own && isCounted(kind);
}

} // namespace kith::rows
