#include "core/store/ConversationStore.h"

#include "core/store/Rows.h"

namespace kith
{

Result<bool> ConversationStore::ensure(const LogId& log, ConversationType type, const UserId& peer,
                                       RequestState request)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    const auto known = peer.isNull() ? std::optional<UserId>{} : std::optional(peer);
    KITH_CHECK(context_.database.run(
        "INSERT INTO conversation (log_id, type, peer, request) VALUES (?, ?, ?, ?) ON CONFLICT (log_id) DO NOTHING",
        log, type, known, request));
    const bool isNew = context_.database.changes() > 0;
    if (isNew)
        context_.changes.conversationsChanged.insert(log);
    KITH_CHECK(transaction.commit());
    return isNew;
}

Result<std::optional<Conversation>> ConversationStore::find(const LogId& log)
{
    static const std::string sql = rows::selectConversations("WHERE log_id = ?");
    KITH_TRY(auto row, context_.database.query(sql, log));
    KITH_TRY(const bool found, row.step());
    return found ? std::optional(rows::conversationFrom(row)) : std::nullopt;
}

Result<std::optional<Conversation>> ConversationStore::findDirect(const UserId& peer)
{
    static const std::string sql = rows::selectConversations("WHERE peer = ?");
    KITH_TRY(auto row, context_.database.query(sql, peer));
    KITH_TRY(const bool found, row.step());
    return found ? std::optional(rows::conversationFrom(row)) : std::nullopt;
}

Result<std::vector<Conversation>> ConversationStore::all()
{
    static const std::string sql = rows::selectConversations("");
    KITH_TRY(auto statement, context_.database.query(sql));
    return rows::conversationsFrom(std::move(statement));
}

Result<void> ConversationStore::setRequest(const LogId& log, RequestState request)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const rows::Place place, rows::place(context_.database, log));
    KITH_CHECK(context_.database.run("UPDATE conversation SET request = ? WHERE id = ?", request, place.id));
    KITH_CHECK(rows::raiseAck(context_.database, place.id)); // marks may leave now, or no more
    context_.changes.conversationsChanged.insert(log);
    return transaction.commit();
}

Result<void> ConversationStore::setMarkedUnread(const LogId& log, bool marked)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const rows::Place place, rows::place(context_.database, log));
    KITH_CHECK(context_.database.run("UPDATE conversation SET marked_unread = ? WHERE id = ?", marked, place.id));
    context_.changes.conversationsChanged.insert(log);
    return transaction.commit();
}

Result<void> ConversationStore::noteHead(const KnownHead& head)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(const rows::Place place, rows::place(context_.database, head.log));
    KITH_CHECK(context_.database.run(
        "UPDATE conversation SET head = CASE WHEN ?2 > head_generation THEN ?3 ELSE max(head, ?3) END, "
        "head_generation = ?2 WHERE id = ?1 AND head_generation <= ?2 AND (head_generation < ?2 OR head < ?3)",
        place.id, head.generation, head.head));
    const bool moved = context_.database.changes() > 0;
    KITH_CHECK(context_.database.run("UPDATE conversation SET floor = max(floor, ?2) WHERE id = ?1 AND floor < ?2",
                                     place.id, head.floor));
    // A device starts right before its first entry, so that "nothing yet" and "stored up to there" are one rule.
    if (head.fromSeq.value() > 0 && place.generation == 0)
        KITH_CHECK(context_.database.run("UPDATE conversation SET from_seq = ?2, cursor = ?2 - 1, "
                                         "read_position = max(read_position, ?2 - 1) WHERE id = ?1",
                                         place.id, head.fromSeq));
    if (moved)
        context_.changes.conversationsChanged.insert(head.log);
    return transaction.commit();
}

Result<std::vector<Conversation>> ConversationStore::behind(std::size_t limit)
{
    static const std::string sql =
        rows::selectConversations("WHERE behind = 1 ORDER BY activity_ms DESC, id DESC LIMIT ?");
    KITH_TRY(auto statement, context_.database.query(sql, limit));
    return rows::conversationsFrom(std::move(statement));
}

Result<ChainPoint> ConversationStore::contiguous(const LogId& log)
{
    KITH_TRY(auto row,
             context_.database.query("SELECT generation, cursor, chain FROM conversation WHERE log_id = ?", log));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return Error::make(StoreError::NotFound, "this conversation is not known here");
    return ChainPoint{{row.number<Generation>(0), row.number<Seq>(1)}, row.blob(2)};
}

Result<std::optional<Bytes>> ConversationStore::chainAt(const LogId& log, LogPosition position)
{
    KITH_TRY(const ChainPoint end, contiguous(log));
    if (end.position == position)
        return end.chain.empty() ? std::optional<Bytes>{} : std::optional(end.chain);
    KITH_TRY(auto row,
             context_.database.query(
                 "SELECT m.chain FROM message m JOIN conversation c ON c.id = m.conversation "
                 "WHERE c.log_id = ? AND m.generation = ? AND m.seq = ? AND m.below = 0 AND m.chain IS NOT NULL",
                 log, position.generation, position.seq));
    KITH_TRY(const bool found, row.step());
    return found ? std::optional(row.blob(0)) : std::nullopt;
}

} // namespace kith
