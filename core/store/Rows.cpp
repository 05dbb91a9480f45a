#include "core/store/Rows.h"

namespace kith::rows
{

std::string selectMessages(std::string_view conditions)
{
    return "SELECT m.id, c.log_id, m.generation, m.seq, s.user_id, s.device_id, m.own, m.composed, m.client_msg_id, "
           "m.commitment, m.server_time_ms, m.sender_clock_ms, m.kind, m.text, m.reply_author, m.reply_client_msg_id, "
           "m.reply_commitment, m.raw, m.chain_check, m.confirmation, o.state, m.below, "
           "o.failure_code, o.failure "
           "FROM message m JOIN conversation c ON c.id = m.conversation LEFT JOIN sender s ON s.id = m.sender "
           "LEFT JOIN outbox o ON o.message = m.id " +
           std::string(conditions);
}

Message messageFrom(const sqlite::Statement& row)
{
    Message message;
    message.id = row.number<MessageId>(0);
    message.log = row.id<LogId>(1);
    if (row.integer(2) != unnumbered && row.integer(21) == 0)
        message.position = LogPosition{row.number<Generation>(2), row.number<Seq>(3)};
    message.author = row.id<UserId>(4);
    message.device = row.id<DeviceId>(5);
    message.own = row.integer(6) != 0;
    if (row.integer(7) != 0)
        message.outbox = row.isNull(20) ? OutboxState::Accepted : row.enumeration<OutboxState>(20);
    if (message.outbox == OutboxState::Failed)
        message.failure = SendFailure{row.text(22), row.text(23)};
    message.clientMsgId = row.id<ClientMsgId>(8);
    message.commitment = row.blob(9);
    if (!row.isNull(10))
        message.serverTime = row.time(10);
    if (!row.isNull(11))
        message.senderClock = row.time(11);
    message.kind = row.enumeration<MessageKind>(12);
    message.text = row.text(13);
    if (!row.isNull(15))
        message.replyTo = MessageReference{row.id<UserId>(14), row.id<ClientMsgId>(15), row.blob(16)};
    message.raw = row.blob(17);
    message.chainCheck = row.enumeration<ChainCheck>(18);
    message.confirmation = row.enumeration<Confirmation>(19);
    return message;
}

Result<std::vector<Message>> messagesFrom(sqlite::Statement statement)
{
    std::vector<Message> messages;
    while (true) {
        KITH_TRY(const bool row, statement.step());
        if (!row)
            return messages;
        messages.push_back(messageFrom(statement));
    }
}

Result<std::optional<Message>> oneMessageFrom(sqlite::Statement statement)
{
    KITH_TRY(const bool row, statement.step());
    return row ? std::optional(messageFrom(statement)) : std::nullopt;
}

std::string selectConversations(std::string_view conditions)
{
    return "SELECT log_id, type, peer, request, generation, cursor, chain, head, floor, from_seq, marks_revision, "
           "last_send_no, read_position, marked_unread, unread, activity_ms, last_message FROM conversation " +
           std::string(conditions);
}

Conversation conversationFrom(const sqlite::Statement& row)
{
    Conversation conversation;
    conversation.log = row.id<LogId>(0);
    conversation.type = row.enumeration<ConversationType>(1);
    conversation.peer = row.id<UserId>(2);
    conversation.request = row.enumeration<RequestState>(3);
    conversation.generation = row.number<Generation>(4);
    conversation.cursor = row.number<Seq>(5);
    conversation.chain = row.blob(6);
    conversation.head = row.number<Seq>(7);
    conversation.floor = row.number<Seq>(8);
    conversation.fromSeq = row.number<Seq>(9);
    conversation.marksRevision = static_cast<std::uint64_t>(row.integer(10));
    conversation.lastSendNo = row.number<SendNo>(11);
    conversation.readPosition = row.number<Seq>(12);
    conversation.markedUnread = row.integer(13) != 0;
    conversation.unread = static_cast<std::uint32_t>(row.integer(14));
    conversation.activity = row.time(15);
    return conversation;
}

Result<std::vector<Conversation>> conversationsFrom(sqlite::Statement statement)
{
    std::vector<Conversation> conversations;
    while (true) {
        KITH_TRY(const bool row, statement.step());
        if (!row)
            return conversations;
        conversations.push_back(conversationFrom(statement));
    }
}

Result<Place> place(sqlite::Database& database, const LogId& log)
{
    KITH_TRY(auto row, database.query("SELECT id, generation, cursor, read_position, from_seq, last_send_no "
                                      "FROM conversation WHERE log_id = ?",
                                      log));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return Error::make(StoreError::NotFound, "this conversation is not known here");
    return Place{row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
}

Result<std::int64_t> senderNumber(sqlite::Database& database, const UserId& user, const DeviceId& device)
{
    KITH_TRY(auto row, database.query("SELECT id FROM sender WHERE user_id = ? AND device_id = ?", user, device));
    KITH_TRY(const bool found, row.step());
    if (found)
        return row.integer(0);
    KITH_CHECK(database.run("INSERT INTO sender (user_id, device_id) VALUES (?, ?)", user, device));
    return database.lastInsertId();
}

Result<void> refreshLast(sqlite::Database& database, std::int64_t conversation)
{
    static const std::string newest = "SELECT id, generation, server_time_ms FROM message WHERE conversation = ? AND " +
                                      std::string(visibleSql) +
                                      " ORDER BY generation DESC, seq DESC, below DESC LIMIT 1";
    KITH_TRY(auto row, database.query(newest, conversation));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return database.run("UPDATE conversation SET last_message = NULL WHERE id = ?", conversation);
    // Something unsent keeps the place that composing gave it; no clock of this device sorts anything (P3).
    if (row.integer(1) == unnumbered || row.isNull(2))
        return database.run("UPDATE conversation SET last_message = ? WHERE id = ?", row.integer(0), conversation);
    return database.run("UPDATE conversation SET last_message = ?, activity_ms = ? WHERE id = ?", row.integer(0),
                        row.integer(2), conversation);
}

Result<void> recountUnread(sqlite::Database& database, std::int64_t conversation)
{
    static const std::string sql =
        "UPDATE conversation SET unread = (SELECT count(*) FROM message WHERE conversation = conversation.id AND "
        "generation < 9223372036854775807 AND seq > conversation.read_position AND " +
        std::string(countedSql) + ") WHERE id = ?";
    return database.run(sql, conversation);
}

Result<void> raiseAck(sqlite::Database& database, std::int64_t conversation)
{
    return database.run("UPDATE conversation SET ack_revision = ack_revision + 1 WHERE id = ?", conversation);
}

} // namespace kith::rows
