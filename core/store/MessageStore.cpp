#include "core/store/MessageStore.h"

#include "core/store/Rows.h"

#include <algorithm>

namespace kith
{
namespace
{

std::string visible(std::string_view conditions)
{
    return rows::selectMessages("WHERE m.conversation = ?1 AND m.kind NOT IN (4, 8) " + std::string(conditions));
}

struct Anchor {
    std::int64_t conversation = 0;
    std::int64_t generation = 0;
    std::int64_t seq = 0;
    std::int64_t below = 0;
};

Result<Anchor> anchorOf(sqlite::Database& database, MessageId id)
{
    KITH_TRY(auto row, database.query("SELECT conversation, generation, seq, below FROM message WHERE id = ?", id));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return Error::make(StoreError::NotFound, "this message is not stored here");
    return Anchor{row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
}

} // namespace

Result<std::optional<Message>> MessageStore::find(MessageId id)
{
    static const std::string sql = rows::selectMessages("WHERE m.id = ?");
    KITH_TRY(auto statement, database_.query(sql, id));
    return rows::oneMessageFrom(std::move(statement));
}

Result<std::optional<Message>> MessageStore::find(const LogId& log, LogPosition position)
{
    static const std::string sql =
        rows::selectMessages("WHERE c.log_id = ? AND m.generation = ? AND m.seq = ? AND m.below = 0");
    KITH_TRY(auto statement, database_.query(sql, log, position.generation, position.seq));
    return rows::oneMessageFrom(std::move(statement));
}

Result<std::optional<Message>> MessageStore::find(const LogId& log, const MessageReference& reference)
{
    static const std::string sql =
        rows::selectMessages("WHERE m.client_msg_id = ?2 AND c.log_id = ?1 AND s.user_id = ?3");
    KITH_TRY(auto statement, database_.query(sql, log, reference.clientMsgId, reference.author));
    KITH_TRY(auto found, rows::messagesFrom(std::move(statement)));
    for (Message& message : found)
        if (reference.commitment.empty() || message.commitment.empty() || message.commitment == reference.commitment)
            return std::optional(std::move(message));
    return std::optional<Message>{};
}

Result<std::vector<Message>> MessageStore::newest(const LogId& log, std::size_t limit)
{
    static const std::string sql = visible("ORDER BY m.generation DESC, m.seq DESC, m.below DESC LIMIT ?2");
    KITH_TRY(const rows::Place place, rows::place(database_, log));
    KITH_TRY(auto statement, database_.query(sql, place.id, std::min(limit, maxWindow)));
    KITH_TRY(auto found, rows::messagesFrom(std::move(statement)));
    std::reverse(found.begin(), found.end());
    return found;
}

Result<std::vector<Message>> MessageStore::around(MessageId anchor, std::size_t beforeLimit, std::size_t afterLimit)
{
    KITH_TRY(auto rows, before(anchor, beforeLimit));
    KITH_TRY(auto middle, find(anchor));
    if (middle && isVisible(middle->kind))
        rows.push_back(std::move(*middle));
    KITH_TRY(auto later, after(anchor, afterLimit));
    std::move(later.begin(), later.end(), std::back_inserter(rows));
    return rows;
}

Result<std::vector<Message>> MessageStore::before(MessageId anchor, std::size_t limit)
{
    static const std::string sql = visible("AND (m.generation, m.seq, m.below) < (?2, ?3, ?4) ORDER BY m.generation "
                                           "DESC, m.seq DESC, m.below DESC LIMIT ?5");
    KITH_TRY(const Anchor at, anchorOf(database_, anchor));
    KITH_TRY(auto statement,
             database_.query(sql, at.conversation, at.generation, at.seq, at.below, std::min(limit, maxWindow)));
    KITH_TRY(auto found, rows::messagesFrom(std::move(statement)));
    std::reverse(found.begin(), found.end());
    return found;
}

Result<std::vector<Message>> MessageStore::after(MessageId anchor, std::size_t limit)
{
    static const std::string sql =
        visible("AND (m.generation, m.seq, m.below) > (?2, ?3, ?4) ORDER BY m.generation, m.seq, m.below LIMIT ?5");
    KITH_TRY(const Anchor at, anchorOf(database_, anchor));
    KITH_TRY(auto statement,
             database_.query(sql, at.conversation, at.generation, at.seq, at.below, std::min(limit, maxWindow)));
    return rows::messagesFrom(std::move(statement));
}

Result<std::vector<Message>> MessageStore::unread(const LogId& log, Seq after, std::size_t limit)
{
    // One range of the index per generation, of which there are few; what was read is a number in each.
    static const std::string sql = rows::selectMessages(
        "WHERE m.conversation = ?1 AND m.generation = ?2 AND m.seq > ?3 AND m.own = 0 AND m.confirmation = 1 AND "
        "m.kind IN (1, 2, 5, 6) ORDER BY m.seq LIMIT ?4");
    KITH_TRY(const rows::Place place, rows::place(database_, log));
    const std::size_t most = std::min(limit, maxWindow);
    std::vector<Message> found;
    std::int64_t generation = 0;
    while (found.size() < most) {
        KITH_TRY(auto next, database_.query("SELECT min(generation) FROM message WHERE conversation = ? AND "
                                            "generation > ? AND generation < 9223372036854775807",
                                            place.id, generation));
        KITH_TRY(const bool row, next.step());
        if (!row || next.isNull(0))
            break;
        generation = next.integer(0);
        KITH_TRY(auto statement, database_.query(sql, place.id, generation, after, most - found.size()));
        KITH_TRY(auto part, rows::messagesFrom(std::move(statement)));
        std::move(part.begin(), part.end(), std::back_inserter(found));
    }
    return found;
}

Result<std::optional<Message>> MessageStore::firstUnread(const LogId& log)
{
    KITH_TRY(const rows::Place place, rows::place(database_, log));
    KITH_TRY(auto found, unread(log, Seq{static_cast<std::uint64_t>(place.readPosition)}, 1));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::vector<Message>> MessageStore::range(const LogId& log, Seq first, Seq last)
{
    // Generations are few; within each the index gives the range.
    static const std::string sql = rows::selectMessages(
        "WHERE m.conversation = ?1 AND m.generation = ?2 AND m.seq BETWEEN ?3 AND ?4 AND m.below = 0 "
        "ORDER BY m.seq LIMIT ?5");
    KITH_TRY(const rows::Place place, rows::place(database_, log));
    std::vector<Message> found;
    std::int64_t generation = 0;
    while (found.size() < maxWindow) {
        KITH_TRY(auto next, database_.query("SELECT min(generation) FROM message WHERE conversation = ? AND "
                                            "generation > ? AND generation < 9223372036854775807",
                                            place.id, generation));
        KITH_TRY(const bool row, next.step());
        if (!row || next.isNull(0))
            break;
        generation = next.integer(0);
        KITH_TRY(auto statement, database_.query(sql, place.id, generation, first, last, maxWindow - found.size()));
        KITH_TRY(auto part, rows::messagesFrom(std::move(statement)));
        std::move(part.begin(), part.end(), std::back_inserter(found));
    }
    return found;
}

} // namespace kith
