#include "core/store/InboxStore.h"

#include "core/store/MessageRows.h"
#include "core/store/Rows.h"

#include <algorithm>

namespace kith
{
namespace
{

/// What one batch needs again and again.
struct Desk {
    sqlite::Database& database;
    StoreChanges& changes;
    LogId log;
    rows::Place place;
    UserId self;
    std::int64_t online = 0;
    std::int64_t unread = 0; ///< To be added to the conversation's count.
    InboxOutcome outcome;
};

Result<Desk> openDesk(StoreContext& context, const LogId& log)
{
    KITH_TRY(const rows::Place place, rows::place(context.database, log));
    KITH_TRY(auto account, context.database.query("SELECT user_id, online_ms FROM account"));
    KITH_TRY(const bool found, account.step());
    if (!found)
        return Error::make(StoreError::Failed, "the account row is missing");
    return Desk{context.database, context.changes, log, place, account.id<UserId>(0), account.integer(1), 0, {}};
}

bool afterRead(const Desk& desk, Seq seq)
{
    return static_cast<std::int64_t>(seq.value()) > desk.place.readPosition;
}

Result<void> addWaiting(Desk& desk, MessageId id, const InboxRow& row, std::optional<std::int64_t> sender)
{
    return desk.database.run("INSERT INTO waiting (message, conversation, sender, need, deadline_ms, body, envelope) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?)",
                             id, desk.place.id, sender, row.waiting->need, desk.online + InboxStore::patience.count(),
                             row.waiting->body, row.waiting->envelope);
}

/// A row that this store has under the same identity and that now stands at its number in the log.
Result<void> confirm(Desk& desk, const rows::Existing& existing, const InboxRow& row)
{
    KITH_CHECK(desk.database.run(
        "UPDATE message SET generation = ?2, seq = ?3, below = 0, server_time_ms = ?4, chain = ?5, confirmation = 1, "
        "commitment = CASE WHEN ?6 = x'' THEN commitment ELSE ?6 END WHERE id = ?1",
        existing.id, row.position.generation, row.position.seq, row.serverTime, row.chain, row.commitment));
    const MessageId id(static_cast<std::uint64_t>(existing.id));
    if (existing.composed) {
        KITH_CHECK(desk.database.run("DELETE FROM outbox WHERE message = ?", existing.id));
        ++desk.outcome.confirmedOwn;
    } else {
        // Written elsewhere and sent again after a cut: the new entry says what it is.
        KITH_CHECK(desk.database.run("DELETE FROM waiting WHERE message = ?", existing.id));
        KITH_CHECK(rows::replaceContent(desk.database, existing.id, row));
        if (row.waiting) {
            KITH_TRY(const std::int64_t sender, rows::senderNumber(desk.database, row.author, row.device));
            KITH_CHECK(addWaiting(desk, id, row, sender));
        }
        if (rows::counts(row.kind, existing.own) && afterRead(desk, row.position.seq))
            ++desk.unread;
    }
    desk.changes.messagesChanged[desk.log].updated.insert(id);
    return {};
}

Result<void> store(Desk& desk, const InboxRow& row)
{
    std::optional<std::int64_t> sender;
    if (!row.author.isNull()) {
        KITH_TRY(sender, rows::senderNumber(desk.database, row.author, row.device));
    }
    const auto generation = static_cast<std::int64_t>(row.position.generation.value());
    const auto seq = static_cast<std::int64_t>(row.position.seq.value());
    KITH_TRY(const auto existing, rows::findExisting(desk.database, desk.place.id, row.clientMsgId, sender));
    KITH_CHECK(rows::vacate(desk.database, desk.place.id, generation, seq, existing ? existing->id : 0));
    const bool sameMessage = existing && (!existing->numbered || existing->unconfirmed ||
                                          (existing->generation == generation && existing->seq == seq));
    if (sameMessage)
        return confirm(desk, *existing, row);

    const bool own = !row.author.isNull() && row.author == desk.self;
    const MessageKind kind = existing ? MessageKind::Duplicate : row.kind;
    KITH_TRY(const MessageId id, rows::insert(desk.database, desk.place.id, row, sender, own, kind));
    if (kind == MessageKind::Waiting)
        KITH_CHECK(addWaiting(desk, id, row, sender));
    if (kind == MessageKind::Duplicate)
        ++desk.outcome.duplicates;
    if (rows::counts(kind, own) && afterRead(desk, row.position.seq))
        ++desk.unread;
    desk.outcome.added.push_back(id);
    desk.changes.messagesChanged[desk.log].added.insert(id);
    return {};
}

} // namespace

Result<InboxOutcome> InboxStore::commit(const InboxBatch& batch)
{
    if (batch.rows.size() > InboxBatch::maxRows)
        return Error::make(StoreError::Invalid, "a batch has more rows than a batch can have");
    for (const InboxRow& row : batch.rows)
        KITH_CHECK(rows::validate(row));
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(Desk desk, openDesk(context_, batch.log));
    rows::Place& place = desk.place;
    const Bytes* chain = nullptr;
    for (const InboxRow& row : batch.rows) {
        const auto generation = static_cast<std::int64_t>(row.position.generation.value());
        const auto seq = static_cast<std::int64_t>(row.position.seq.value());
        if (seq <= place.cursor && generation <= place.generation) {
            ++desk.outcome.alreadyStored;
            continue;
        }
        if (place.generation != 0 && generation != place.generation)
            return Error::make(StoreError::Gap, "rows of another generation without a cut");
        if (seq != place.cursor + 1)
            return Error::make(StoreError::Gap, "rows that do not follow the cursor");
        KITH_CHECK(store(desk, row));
        place.generation = generation;
        place.cursor = seq;
        chain = &row.chain;
    }
    if (chain != nullptr) {
        KITH_CHECK(context_.database.run(
            "UPDATE conversation SET generation = ?2, cursor = ?3, chain = ?4, unread = unread + ?5, "
            "head = CASE WHEN ?2 > head_generation THEN ?3 ELSE max(head, ?3) END, "
            "head_generation = max(head_generation, ?2) WHERE id = ?1",
            place.id, place.generation, place.cursor, *chain, desk.unread));
        KITH_CHECK(rows::refreshLast(context_.database, place.id));
        KITH_CHECK(rows::raiseAck(context_.database, place.id));
        context_.changes.conversationsChanged.insert(batch.log);
    }
    if (batch.head.value() > 0)
        KITH_CHECK(context_.database.run(
            "UPDATE conversation SET head = ?2 WHERE id = ?1 AND head < ?2 AND head_generation = generation", place.id,
            batch.head));
    KITH_CHECK(transaction.commit());
    return std::move(desk.outcome);
}

Result<void> InboxStore::skipTrimmed(const LogId& log, Generation generation, Seq floor, ByteView chain)
{
    if (floor.value() == 0 || chain.size() != 32)
        return Error::make(StoreError::Invalid, "a trimmed log has a floor and the chain value before it");
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_TRY(Desk desk, openDesk(context_, log));
    const auto last = static_cast<std::int64_t>(floor.value()) - 1;
    const auto wanted = static_cast<std::int64_t>(generation.value());
    if (desk.place.generation != 0 && desk.place.generation != wanted)
        return Error::make(StoreError::Gap, "another generation was trimmed than the one stored here");
    if (last > desk.place.cursor) {
        // A device that has nothing of this log yet does not miss what is older; the history vault has it.
        if (desk.place.generation != 0) {
            InboxRow row;
            row.position = {generation, Seq{static_cast<std::uint64_t>(last)}};
            row.kind = MessageKind::Lost;
            row.raw = "trimmed";
            row.chain = Bytes(chain);
            KITH_CHECK(rows::validate(row));
            KITH_CHECK(store(desk, row));
        }
        KITH_CHECK(context_.database.run(
            "UPDATE conversation SET generation = ?2, cursor = ?3, chain = ?4, floor = max(floor, ?3 + 1), "
            "unread = unread + ?5, head = max(head, ?3), head_generation = max(head_generation, ?2) WHERE id = ?1",
            desk.place.id, wanted, last, chain, desk.unread));
        KITH_CHECK(rows::refreshLast(context_.database, desk.place.id));
        KITH_CHECK(rows::raiseAck(context_.database, desk.place.id));
        context_.changes.conversationsChanged.insert(log);
    }
    return transaction.commit();
}

Result<void> InboxStore::cut(const LogId& log, LogPosition kept, Generation generation)
{
    sqlite::Database& database = context_.database;
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_TRY(const rows::Place place, rows::place(database, log));
    if (static_cast<std::int64_t>(generation.value()) <= place.generation)
        return transaction.commit(); // known already
    const std::int64_t keptSeq = std::min<std::int64_t>(static_cast<std::int64_t>(kept.seq.value()), place.cursor);

    // What this device composed is sent again: cut entries, and what was sealed against the log as it was.
    KITH_TRY(auto own, database.query("SELECT id FROM message WHERE conversation = ?1 AND composed = 1 AND "
                                      "below = 0 AND generation < 9223372036854775807 AND (generation, seq) > (?2, ?3)",
                                      place.id, kept.generation, kept.seq));
    std::vector<std::int64_t> again;
    while (true) {
        KITH_TRY(const bool row, own.step());
        if (!row)
            break;
        again.push_back(own.integer(0));
    }
    for (const std::int64_t id : again) {
        KITH_CHECK(database.run("UPDATE message SET generation = 9223372036854775807, seq = id, chain = NULL, "
                                "commitment = NULL, server_time_ms = NULL WHERE id = ?",
                                id));
        KITH_CHECK(database.run("INSERT INTO outbox (message, conversation, state) VALUES (?, ?, ?)", id, place.id,
                                OutboxState::Queued));
        context_.changes.messagesChanged[log].updated.insert(MessageId(static_cast<std::uint64_t>(id)));
    }
    KITH_CHECK(database.run(
        "UPDATE outbox SET state = 1, send_no = 0, sealed = x'', content_secret = x'' WHERE conversation = ? AND "
        "state IN (2, 3)",
        place.id));
    KITH_TRY(auto foreign,
             database.query("UPDATE message SET confirmation = 2 WHERE conversation = ?1 AND composed = 0 "
                            "AND generation < 9223372036854775807 AND (generation, seq) > (?2, ?3) "
                            "RETURNING id",
                            place.id, kept.generation, kept.seq));
    while (true) {
        KITH_TRY(const bool row, foreign.step());
        if (!row)
            break;
        context_.changes.messagesChanged[log].updated.insert(foreign.number<MessageId>(0));
    }
    // Numbers after the cut will be given to other entries: no mark may stand beyond it.
    KITH_CHECK(database.run(
        "UPDATE conversation SET generation = ?2, head_generation = ?2, cursor = ?3, head = max(?3, CASE WHEN "
        "head_generation = ?2 THEN head ELSE 0 END), read_position = min(read_position, ?3), marks_revision = 0, "
        "chain = coalesce((SELECT chain FROM message WHERE conversation = ?1 AND confirmation = 1 AND seq = ?3 AND "
        "below = 0 AND generation < 9223372036854775807 ORDER BY generation DESC LIMIT 1), CASE WHEN ?3 = cursor THEN "
        "chain ELSE x'' "
        "END) WHERE id = ?1",
        place.id, generation, keptSeq));
    KITH_CHECK(
        database.run("UPDATE mark SET delivered = min(delivered, ?2), read = min(read, ?2) WHERE conversation = ?1",
                     place.id, keptSeq));
    KITH_CHECK(rows::recountUnread(database, place.id));
    KITH_CHECK(rows::refreshLast(database, place.id));
    KITH_CHECK(rows::raiseAck(database, place.id));
    context_.changes.conversationsChanged.insert(log);
    context_.changes.marksChanged.insert(log);
    return transaction.commit();
}

} // namespace kith
