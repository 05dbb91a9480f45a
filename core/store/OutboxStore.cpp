#include "core/store/OutboxStore.h"

#include "core/domain/Text.h"
#include "core/store/MessageRows.h"
#include "core/store/Rows.h"

#include <limits>

namespace kith
{
namespace
{

constexpr std::size_t maxRaw = 66U << 10;     // wire::maxApplicationBody
constexpr std::size_t maxSealed = 128U << 10; // body, twenty envelopes and framing
constexpr std::size_t commitmentSize = 32;
constexpr std::size_t maxContentSecret = 1024;
constexpr std::size_t maxFailureWords = 1024;

constexpr std::string_view itemColumns =
    "SELECT o.message, c.log_id, m.client_msg_id, o.state, o.send_no, o.sealed, o.attempts, o.content_secret "
    "FROM outbox o JOIN message m ON m.id = o.message JOIN conversation c ON c.id = o.conversation ";

std::string items(std::string_view conditions)
{
    return std::string(itemColumns) + std::string(conditions);
}

OutboxItem itemFrom(const sqlite::Statement& row)
{
    OutboxItem item;
    item.id = row.number<MessageId>(0);
    item.log = row.id<LogId>(1);
    item.clientMsgId = row.id<ClientMsgId>(2);
    item.state = row.enumeration<OutboxState>(3);
    item.sendNo = row.number<SendNo>(4);
    item.sealed = row.blob(5);
    item.attempts = static_cast<std::uint32_t>(row.integer(6));
    item.contentSecret = SecretBytes::copyOf(row.blobView(7));
    return item;
}

Result<std::vector<OutboxItem>> itemsFrom(sqlite::Statement statement)
{
    std::vector<OutboxItem> found;
    while (true) {
        KITH_TRY(const bool row, statement.step());
        if (!row)
            return found;
        found.push_back(itemFrom(statement));
    }
}

/// An item with its conversation's number, and the state that `event` leads to.
struct Step {
    OutboxItem item;
    std::int64_t conversation = 0;
    OutboxState to = OutboxState::Queued;
};

Result<Step> stepOf(sqlite::Database& database, MessageId id, OutboxEvent event)
{
    KITH_TRY(auto row, database.query("SELECT conversation FROM outbox WHERE message = ?", id));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return Error::make(StoreError::NotFound, "this message is not on its way");
    static const std::string one = items("WHERE o.message = ?");
    KITH_TRY(auto itemRow, database.query(one, id));
    KITH_TRY(const bool there, itemRow.step());
    if (!there)
        return Error::make(StoreError::NotFound, "this message is not on its way");
    Step step{itemFrom(itemRow), row.integer(0), OutboxState::Queued};
    const auto to = next(step.item.state, event);
    if (!to)
        return Error::make(StoreError::Refused, "a " + std::string(name(step.item.state)) + " message cannot take " +
                                                    std::string(name(event)));
    step.to = *to;
    return step;
}

/// Numbers of the log's later items move down by one; two updates, for the numbers are unique at every moment.
Result<void> closeNumberGap(sqlite::Database& database, std::int64_t conversation, SendNo freed)
{
    KITH_CHECK(
        database.run("UPDATE outbox SET send_no = -(send_no - 1), state = 2 WHERE conversation = ? AND send_no > ?",
                     conversation, freed));
    KITH_CHECK(
        database.run("UPDATE outbox SET send_no = -send_no WHERE conversation = ? AND send_no < 0", conversation));
    return database.run("UPDATE conversation SET last_send_no = last_send_no - 1 WHERE id = ?", conversation);
}

/// Rows are numbered as they come, so whatever has a smaller number was there when this one was composed.
Result<void> standWhereComposed(sqlite::Database& database, std::int64_t conversation, MessageId id)
{
    KITH_TRY(auto row, database.query("SELECT generation, seq FROM message WHERE conversation = ? AND generation < "
                                      "9223372036854775807 AND below = 0 AND id < ? "
                                      "ORDER BY generation DESC, seq DESC LIMIT 1",
                                      conversation, id));
    KITH_TRY(const bool found, row.step());
    return database.run("UPDATE message SET generation = ?, seq = ?, below = id WHERE id = ?",
                        found ? row.integer(0) : 0, found ? row.integer(1) : 0, id);
}

/// The words may be a server's: as much of them as a person reads.
std::string_view wordsOf(const Error& reason)
{
    const std::string_view words = reason.detail;
    return isValidText(words) && words.size() <= maxFailureWords ? words : "it was refused without words";
}

} // namespace

Result<MessageId> OutboxStore::compose(const NewMessage& message, const UserId& author, const DeviceId& device)
{
    const bool isText = message.kind == MessageKind::Text;
    if (!isText && message.kind != MessageKind::Control)
        return Error::make(StoreError::Invalid, "only texts and control messages are composed");
    if (isText ? !isValidMessageText(message.text) : message.raw.empty() || message.raw.size() > maxRaw)
        return Error::make(StoreError::Invalid, "a message is empty, too long or not UTF-8");
    if (message.clientMsgId.isNull())
        return Error::make(StoreError::Invalid, "a message needs a client_msg_id");

    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const rows::Place place, rows::place(database, message.log));
    KITH_TRY(const std::int64_t sender, rows::senderNumber(database, author, device));
    KITH_TRY(const auto existing, rows::findExisting(database, place.id, message.clientMsgId, sender));
    if (existing) {
        KITH_CHECK(transaction.commit());
        return MessageId(static_cast<std::uint64_t>(existing->id));
    }
    const auto& reply = message.replyTo;
    KITH_CHECK(database.run(
        "INSERT INTO message (id, conversation, generation, seq, sender, own, composed, client_msg_id, "
        "sender_clock_ms, kind, text, reply_author, reply_client_msg_id, reply_commitment, raw) "
        "SELECT n, ?, 9223372036854775807, n, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ? "
        "FROM (SELECT coalesce(max(id), 0) + 1 AS n FROM message)",
        place.id, sender, message.clientMsgId, message.senderClock, message.kind,
        isText ? std::optional(sqlite::Text{message.text}) : std::nullopt,
        reply ? std::optional(reply->author) : std::nullopt, reply ? std::optional(reply->clientMsgId) : std::nullopt,
        reply ? std::optional(ByteView(reply->commitment)) : std::nullopt,
        isText ? std::nullopt : std::optional(ByteView(message.raw))));
    const MessageId id(static_cast<std::uint64_t>(database.lastInsertId()));
    KITH_CHECK(database.run("INSERT INTO outbox (message, conversation, state) VALUES (?, ?, ?)", id, place.id,
                            OutboxState::Queued));
    if (isText) {
        // On top of the list without asking a clock: after whatever is newest there.
        KITH_CHECK(database.run("UPDATE conversation SET activity_ms = 1 + (SELECT coalesce(max(activity_ms), 0) FROM "
                                "conversation WHERE listed = 1), last_message = ?2 WHERE id = ?1",
                                place.id, id));
        context_.changes.conversationsChanged.insert(message.log);
    }
    context_.changes.messagesChanged[message.log].added.insert(id);
    KITH_CHECK(transaction.commit());
    return id;
}

Result<std::optional<OutboxItem>> OutboxStore::find(MessageId id)
{
    static const std::string sql = items("WHERE o.message = ?");
    KITH_TRY(auto row, context_.database.query(sql, id));
    KITH_TRY(const bool found, row.step());
    return found ? std::optional(itemFrom(row)) : std::optional<OutboxItem>{};
}

Result<std::vector<OutboxItem>> OutboxStore::queued(MessageId after, std::size_t limit)
{
    static const std::string sql = items("WHERE o.state = 1 AND o.message > ? ORDER BY o.message LIMIT ?");
    KITH_TRY(auto statement, context_.database.query(sql, after, limit));
    return itemsFrom(std::move(statement));
}

Result<std::vector<LogId>> OutboxStore::logsToSend()
{
    KITH_TRY(auto row, context_.database.query("SELECT DISTINCT c.log_id FROM outbox o JOIN conversation c ON c.id = "
                                               "o.conversation WHERE o.state = 2"));
    std::vector<LogId> logs;
    while (true) {
        KITH_TRY(const bool found, row.step());
        if (!found)
            return logs;
        logs.push_back(row.id<LogId>(0));
    }
}

Result<std::vector<OutboxItem>> OutboxStore::unanswered(const LogId& log, std::size_t limit)
{
    static const std::string sql =
        items("WHERE c.log_id = ? AND o.send_no > 0 AND o.state IN (2, 3) ORDER BY o.send_no LIMIT ?");
    KITH_TRY(auto statement, context_.database.query(sql, log, limit));
    return itemsFrom(std::move(statement));
}

Result<std::vector<LogId>> OutboxStore::logs()
{
    KITH_TRY(auto row, context_.database.query("SELECT DISTINCT c.log_id FROM outbox o JOIN conversation c "
                                               "ON c.id = o.conversation WHERE o.state IN (1, 2, 3)"));
    std::vector<LogId> found;
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return found;
        found.push_back(row.id<LogId>(0));
    }
}

Result<std::vector<MessageId>> OutboxStore::failed(const LogId& log)
{
    KITH_TRY(auto row, context_.database.query("SELECT o.message, c.log_id FROM outbox o JOIN message m ON m.id = "
                                               "o.message JOIN conversation c ON c.id = o.conversation "
                                               "WHERE o.state = 5 AND m.kind = 1 ORDER BY o.message"));
    std::vector<MessageId> found;
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return found;
        if (log.isNull() || row.id<LogId>(1) == log)
            found.push_back(row.number<MessageId>(0));
    }
}

Result<std::size_t> OutboxStore::pending()
{
    KITH_TRY(auto row, context_.database.query("SELECT count(*) FROM outbox WHERE state IN (1, 2, 3)"));
    KITH_TRY(const bool found, row.step());
    return found ? static_cast<std::size_t>(row.integer(0)) : 0;
}

Result<SendNo> OutboxStore::seal(MessageId id, ByteView sealed, ByteView commitment, ByteView contentSecret)
{
    if (sealed.empty() || sealed.size() > maxSealed || commitment.size() != commitmentSize ||
        contentSecret.size() > maxContentSecret)
        return Error::make(StoreError::Invalid, "a sealed message has another size than one can have");
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const Step step, stepOf(database, id, OutboxEvent::Seal));
    {
        KITH_TRY(auto older, database.query("SELECT 1 FROM outbox WHERE state = 1 AND conversation = ? AND message < ?",
                                            step.conversation, id));
        KITH_TRY(const bool found, older.step());
        if (found)
            return Error::make(StoreError::Refused, "an older message of this conversation is not sealed yet");
    }
    KITH_CHECK(database.run("UPDATE conversation SET last_send_no = last_send_no + 1 WHERE id = ?", step.conversation));
    KITH_CHECK(database.run("UPDATE outbox SET state = ?2, sealed = ?3, content_secret = ?4, send_no = (SELECT "
                            "last_send_no FROM conversation "
                            "WHERE id = outbox.conversation) WHERE message = ?1",
                            id, step.to, sealed, contentSecret));
    KITH_CHECK(database.run("UPDATE message SET commitment = ? WHERE id = ?", commitment, id));
    KITH_TRY(const auto item, find(id));
    context_.changes.messagesChanged[step.item.log].updated.insert(id);
    KITH_CHECK(transaction.commit());
    return item->sendNo;
}

Result<void> OutboxStore::reseal(MessageId id, ByteView sealed)
{
    if (sealed.empty() || sealed.size() > maxSealed)
        return Error::make(StoreError::Invalid, "a sealed message has another size than one can have");
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const Step step, stepOf(context_.database, id, OutboxEvent::Reseal));
    KITH_CHECK(context_.database.run("UPDATE outbox SET state = ?, sealed = ? WHERE message = ?", step.to, sealed, id));
    return transaction.commit();
}

Result<void> OutboxStore::handOver(MessageId id)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const Step step, stepOf(context_.database, id, OutboxEvent::HandOver));
    KITH_CHECK(
        context_.database.run("UPDATE outbox SET state = ?, attempts = attempts + 1 WHERE message = ?", step.to, id));
    context_.changes.messagesChanged[step.item.log].updated.insert(id);
    return transaction.commit();
}

Result<void> OutboxStore::disconnected()
{
    // The table's cell (sent, Disconnect) for every row at once.
    return context_.database.run("UPDATE outbox SET state = 2 WHERE state = 3");
}

Result<void> OutboxStore::accept(MessageId id, const Acceptance& acceptance)
{
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    auto stepped = stepOf(database, id, OutboxEvent::Accept);
    if (!stepped.ok() && !stepped.error().is(StoreError::NotFound))
        return std::move(stepped).error();
    KITH_TRY(auto row, database.query("SELECT m.conversation, c.log_id, m.generation = 9223372036854775807 OR m.below "
                                      "> 0 FROM message m JOIN conversation c "
                                      "ON c.id = m.conversation WHERE m.id = ? AND m.composed = 1",
                                      id));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return Error::make(StoreError::NotFound, "no message of this device has that id");
    const std::int64_t conversation = row.integer(0);
    const LogId log = row.id<LogId>(1);
    if (acceptance.position && row.integer(2) != 0) {
        const auto generation = static_cast<std::int64_t>(acceptance.position->generation.value());
        const auto seq = static_cast<std::int64_t>(acceptance.position->seq.value());
        KITH_TRY(
            auto taken,
            database.query("SELECT 1 FROM message WHERE conversation = ? AND generation = ? AND seq = ? AND below = 0",
                           conversation, generation, seq));
        KITH_TRY(const bool occupied, taken.step());
        // Occupied: the log itself says who stands there. This row stays accepted, without a number, until the log
        // shows it.
        if (!occupied)
            KITH_CHECK(
                database.run("UPDATE message SET generation = ?, seq = ?, below = 0, server_time_ms = ?, chain = ? "
                             "WHERE id = ?",
                             generation, seq, acceptance.serverTime,
                             acceptance.chain.empty() ? std::nullopt : std::optional(ByteView(acceptance.chain)), id));
    }
    KITH_CHECK(database.run("DELETE FROM outbox WHERE message = ?", id));
    KITH_CHECK(rows::refreshLast(database, conversation));
    context_.changes.messagesChanged[log].updated.insert(id);
    context_.changes.conversationsChanged.insert(log);
    return transaction.commit();
}

Result<void> OutboxStore::reject(MessageId id, const Error& reason)
{
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const Step step, stepOf(database, id, OutboxEvent::Reject));
    KITH_CHECK(database.run(
        "UPDATE outbox SET state = ?, send_no = 0, sealed = x'', content_secret = x'', failure_code = ?, failure = ? "
        "WHERE message = ?",
        step.to, sqlite::Text{std::string(reason.domain) + "/" + std::string(reason.name)},
        sqlite::Text{wordsOf(reason)}, id));
    KITH_CHECK(standWhereComposed(database, step.conversation, id));
    KITH_CHECK(rows::refreshLast(database, step.conversation));
    if (step.item.sendNo.value() > 0)
        KITH_CHECK(closeNumberGap(database, step.conversation, step.item.sendNo));
    context_.changes.messagesChanged[step.item.log].updated.insert(id);
    context_.changes.conversationsChanged.insert(step.item.log);
    return transaction.commit();
}

Result<void> OutboxStore::retry(MessageId id)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const Step step, stepOf(context_.database, id, OutboxEvent::Retry));
    sqlite::Database& database = context_.database;
    KITH_CHECK(
        database.run("UPDATE outbox SET state = ?, failure_code = '', failure = '' WHERE message = ?", step.to, id));
    KITH_CHECK(
        database.run("UPDATE message SET generation = 9223372036854775807, seq = id, below = 0 WHERE id = ?", id));
    KITH_CHECK(rows::refreshLast(database, step.conversation));
    context_.changes.messagesChanged[step.item.log].updated.insert(id);
    context_.changes.conversationsChanged.insert(step.item.log);
    return transaction.commit();
}

Result<std::size_t> OutboxStore::accepted(const LogId& log)
{
    KITH_TRY(auto row,
             context_.database.query("SELECT count(*) FROM message m JOIN conversation c ON c.id = m.conversation "
                                     "WHERE c.log_id = ? AND m.generation = c.generation AND m.below = 0 AND "
                                     "m.composed = 1",
                                     log));
    KITH_TRY(const bool found, row.step());
    return found ? static_cast<std::size_t>(row.integer(0)) : 0;
}

Result<void> OutboxStore::renumber(const LogId& log, SendNo expected)
{
    if (expected.value() == 0)
        return Error::make(StoreError::Invalid, "send numbers start at 1");
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const rows::Place place, rows::place(database, log));
    KITH_TRY(const auto items, unanswered(log, std::numeric_limits<std::uint32_t>::max()));
    std::uint64_t number = expected.value();
    for (const OutboxItem& item : items)
        KITH_CHECK(database.run("UPDATE outbox SET state = 2, send_no = -? WHERE message = ?", number++, item.id));
    KITH_CHECK(database.run("UPDATE outbox SET send_no = -send_no WHERE conversation = ? AND send_no < 0", place.id));
    KITH_CHECK(database.run("UPDATE conversation SET last_send_no = ? WHERE id = ?", number - 1, place.id));
    return transaction.commit();
}

} // namespace kith
