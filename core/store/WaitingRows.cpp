// The waiting half of InboxStore: rows that could not be opened when they came, until they are or are lost (P7).
#include "core/store/InboxStore.h"
#include "core/store/MessageRows.h"
#include "core/store/Rows.h"

#include <algorithm>

namespace kith
{
namespace
{

std::string select(std::string_view conditions)
{
    // The waiting columns follow those of a message.
    std::string sql = rows::selectMessages("JOIN waiting w ON w.message = m.id " + std::string(conditions));
    return sql.insert(sql.find(" FROM message"),
                      ", w.need, w.body, w.envelope, w.deadline_ms - (SELECT online_ms FROM account), w.asked");
}

Result<std::vector<WaitingMessage>> waitingMessages(sqlite::Statement statement)
{
    std::vector<WaitingMessage> found;
    while (true) {
        KITH_TRY(const bool row, statement.step());
        if (!row)
            return found;
        WaitingMessage waiting;
        waiting.message = rows::messageFrom(statement);
        constexpr int first = rows::messageColumns;
        waiting.row = {statement.enumeration<WaitingFor>(first), statement.blob(first + 1), statement.blob(first + 2)};
        waiting.left = Millis{std::max<std::int64_t>(0, statement.integer(first + 3))};
        waiting.asked = static_cast<std::uint32_t>(statement.integer(first + 4));
        found.push_back(std::move(waiting));
    }
}

/// What turns from waiting into something else.
struct Turning {
    std::int64_t conversation = 0;
    LogId log;
    bool own = false;
    bool counted = false; ///< In the conversation's unread count now.
};

Result<Turning> turning(sqlite::Database& database, MessageId id)
{
    KITH_TRY(auto row,
             database.query("SELECT m.conversation, c.log_id, m.own, m.own = 0 AND m.confirmation = 1 AND m.seq > "
                            "c.read_position FROM waiting w JOIN message m ON m.id = w.message JOIN conversation c "
                            "ON c.id = m.conversation WHERE w.message = ?",
                            id));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return Error::make(StoreError::NotFound, "this message does not wait");
    return Turning{row.integer(0), row.id<LogId>(1), row.integer(2) != 0, row.integer(3) != 0};
}

Result<void> turned(StoreContext& context, MessageId id, const Turning& was, bool stillCounts)
{
    KITH_CHECK(context.database.run("DELETE FROM waiting WHERE message = ?", id));
    if (was.counted && !stillCounts)
        KITH_CHECK(context.database.run("UPDATE conversation SET unread = unread - 1 WHERE id = ?", was.conversation));
    KITH_CHECK(rows::refreshLast(context.database, was.conversation));
    KITH_CHECK(rows::raiseAck(context.database, was.conversation)); // the list of unopened ones is another
    context.changes.messagesChanged[was.log].updated.insert(id);
    context.changes.conversationsChanged.insert(was.log);
    return {};
}

} // namespace

Result<std::vector<WaitingMessage>> InboxStore::waiting(std::size_t limit)
{
    static const std::string sql = select("ORDER BY w.deadline_ms LIMIT ?");
    KITH_TRY(auto statement, context_.database.query(sql, limit));
    return waitingMessages(std::move(statement));
}

Result<std::vector<WaitingMessage>> InboxStore::waitingFrom(const UserId& author, const DeviceId& device)
{
    static const std::string sql =
        select("WHERE w.sender = (SELECT id FROM sender WHERE user_id = ? AND device_id = ?) "
               "ORDER BY m.generation, m.seq");
    KITH_TRY(auto statement, context_.database.query(sql, author, device));
    return waitingMessages(std::move(statement));
}

Result<std::vector<WaitingMessage>> InboxStore::waitingFor(WaitingFor need)
{
    static const std::string sql = select("WHERE w.need = ? ORDER BY m.conversation, m.generation, m.seq");
    KITH_TRY(auto statement, context_.database.query(sql, need));
    return waitingMessages(std::move(statement));
}

Result<std::uint64_t> InboxStore::trimmed(const LogId& log)
{
    KITH_TRY(const rows::Place place, rows::place(context_.database, log));
    const std::int64_t first = std::max<std::int64_t>(place.fromSeq, 1);
    // Over all generations: after a cut the numbers go on.
    KITH_TRY(auto row, context_.database.query("SELECT count(DISTINCT seq) FROM message WHERE conversation = ?1 AND "
                                               "generation < 9223372036854775807 AND seq BETWEEN ?2 AND ?3",
                                               place.id, first, place.cursor));
    KITH_TRY(const bool found, row.step());
    const std::int64_t missing = place.cursor - first + 1 - (found ? row.integer(0) : 0);
    return static_cast<std::uint64_t>(std::max<std::int64_t>(missing, 0));
}

Result<void> InboxStore::noteAsked(MessageId id)
{
    return context_.database.run("UPDATE waiting SET asked = asked + 1 WHERE message = ?", id);
}

Result<void> InboxStore::resolve(MessageId id, const InboxRow& row)
{
    if (row.kind == MessageKind::Waiting || row.waiting)
        return Error::make(StoreError::Invalid, "what is opened does not wait");
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const Turning was, turning(context_.database, id));
    KITH_CHECK(rows::replaceContent(context_.database, static_cast<std::int64_t>(id.value()), row));
    KITH_CHECK(turned(context_, id, was, isCounted(row.kind)));
    return transaction.commit();
}

Result<void> InboxStore::lose(MessageId id, std::string_view reason)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const Turning was, turning(context_.database, id));
    KITH_CHECK(
        context_.database.run("UPDATE message SET kind = ?, raw = ? WHERE id = ?", MessageKind::Lost, reason, id));
    KITH_CHECK(turned(context_, id, was, true));
    return transaction.commit();
}

Result<std::size_t> InboxStore::loseExpired()
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(auto due, context_.database.query(
                           "SELECT message FROM waiting WHERE deadline_ms <= (SELECT online_ms FROM account)"));
    std::vector<MessageId> expired;
    while (true) {
        KITH_TRY(const bool row, due.step());
        if (!row)
            break;
        expired.push_back(due.number<MessageId>(0));
    }
    for (const MessageId id : expired)
        KITH_CHECK(lose(id, "not_repaired_in_time"));
    KITH_CHECK(transaction.commit());
    return expired.size();
}

} // namespace kith
