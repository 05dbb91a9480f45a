#include "core/store/MarkStore.h"

#include "core/store/Rows.h"

#include <algorithm>

namespace kith
{
namespace
{

/// Moves the read position forward and takes what it passes out of the unread count. True where it moved.
Result<bool> moveRead(sqlite::Database& database, const rows::Place& place, std::int64_t seq)
{
    static const std::string sql =
        "UPDATE conversation SET read_position = ?2, unread = max(0, unread - (SELECT count(*) FROM message WHERE "
        "conversation = ?1 AND generation < 9223372036854775807 AND seq > ?3 AND seq <= ?2 AND " +
        std::string(rows::countedSql) + ")) WHERE id = ?1";
    const std::int64_t target = std::min(seq, place.cursor);
    if (target <= place.readPosition)
        return false;
    KITH_CHECK(database.run(sql, place.id, target, place.readPosition));
    return true;
}

} // namespace

Result<void> MarkStore::apply(const LogId& log, const ConversationMarks& marks, const UserId& self)
{
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const rows::Place place, rows::place(database, log));
    KITH_CHECK(database.run("UPDATE conversation SET marks_revision = ?3 WHERE id = ?1 AND generation = ?2 AND "
                            "marks_revision < ?3",
                            place.id, marks.generation, marks.revision));
    if (database.changes() == 0)
        return transaction.commit(); // older, or of another generation
    for (const MemberMark& mark : marks.members) {
        KITH_CHECK(database.run("INSERT INTO mark (conversation, user_id, delivered, read) VALUES (?, ?, ?, ?) "
                                "ON CONFLICT (conversation, user_id) DO UPDATE SET "
                                "delivered = max(delivered, excluded.delivered), read = max(read, excluded.read)",
                                place.id, mark.user, mark.delivered, mark.read));
        if (mark.user == self) {
            KITH_TRY(const bool moved, moveRead(database, place, static_cast<std::int64_t>(mark.read.value())));
            if (moved)
                context_.changes.conversationsChanged.insert(log);
        }
    }
    context_.changes.marksChanged.insert(log);
    return transaction.commit();
}

Result<std::vector<MemberMark>> MarkStore::others(const LogId& log, const UserId& except)
{
    KITH_TRY(auto row, context_.database.query("SELECT user_id, delivered, read FROM mark WHERE conversation = "
                                               "(SELECT id FROM conversation WHERE log_id = ?) AND user_id <> ?",
                                               log, except));
    std::vector<MemberMark> found;
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return found;
        found.push_back({row.id<UserId>(0), row.number<Seq>(1), row.number<Seq>(2)});
    }
}

Result<void> MarkStore::setRead(const LogId& log, Seq seq)
{
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const rows::Place place, rows::place(database, log));
    KITH_TRY(const bool moved, moveRead(database, place, static_cast<std::int64_t>(seq.value())));
    if (moved)
        KITH_CHECK(rows::raiseAck(database, place.id));
    KITH_CHECK(database.run("UPDATE conversation SET marked_unread = 0 WHERE id = ? AND marked_unread = 1", place.id));
    if (moved || database.changes() > 0)
        context_.changes.conversationsChanged.insert(log);
    return transaction.commit();
}

Result<std::vector<AckState>> MarkStore::unacknowledged(std::size_t limit)
{
    // Nothing of receipts leaves before a request is accepted; read marks leave only where the person shares them.
    KITH_TRY(auto row, context_.database.query(
                           "SELECT c.log_id, c.generation, c.cursor, "
                           "CASE WHEN c.request IN (1, 3) THEN c.cursor ELSE 0 END, "
                           "CASE WHEN c.request IN (1, 3) AND a.read_receipts = 1 THEN c.read_position ELSE 0 END, "
                           "c.last_send_no - (SELECT count(*) FROM outbox o WHERE o.conversation = c.id AND "
                           "o.send_no > 0), c.ack_revision, c.id FROM conversation c JOIN account a "
                           "WHERE c.ack_revision > c.acked_revision AND c.generation > 0 ORDER BY c.id LIMIT ?",
                           limit));
    std::vector<AckState> found;
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return found;
        AckState ack;
        ack.log = row.id<LogId>(0);
        ack.generation = row.number<Generation>(1);
        ack.cursor = row.number<Seq>(2);
        ack.delivered = row.number<Seq>(3);
        ack.read = row.number<Seq>(4);
        ack.sendNo = row.number<SendNo>(5);
        ack.revision = static_cast<std::uint64_t>(row.integer(6));
        KITH_TRY(auto unopened,
                 context_.database.query("SELECT m.seq FROM waiting w JOIN message m ON m.id = w.message WHERE "
                                         "w.conversation = ? AND m.generation = ? ORDER BY m.seq DESC LIMIT ?",
                                         row.integer(7), row.integer(1), maxUnopened));
        while (true) {
            KITH_TRY(const bool another, unopened.step());
            if (!another)
                break;
            ack.unopened.push_back(unopened.number<Seq>(0));
        }
        std::reverse(ack.unopened.begin(), ack.unopened.end());
        found.push_back(std::move(ack));
    }
}

Result<void> MarkStore::acknowledged(const LogId& log, std::uint64_t revision)
{
    return context_.database.run(
        "UPDATE conversation SET acked_revision = ?2 WHERE log_id = ?1 AND acked_revision < ?2 "
        "AND ack_revision >= ?2",
        log, revision);
}

} // namespace kith
