#include "server/storage/engine/StorageReader.h"

#include "server/storage/engine/Keys.h"

#include <limits>
#include <set>

namespace kith::server
{
namespace
{

Error noSuchLog()
{
    return Error::make(StorageError::NotFound, "There is no such conversation on this server.");
}

/// Octets of an entry towards a page's limit: what the reader will be sent, about.
std::size_t weight(const Entry& entry)
{
    std::size_t size = 192 + entry.body.size();
    for (const Envelope& envelope : entry.envelopes)
        size += DeviceId::size + envelope.sealed.size();
    return size;
}

Result<Entry> rowAt(const KvIterator& at)
{
    const auto key = keys::parseRow(at.key());
    auto entry = key ? decodeRow(key->log, key->seq, at.value()) : std::nullopt;
    if (!entry)
        return damaged(at.key());
    return std::move(*entry);
}

/// Newest row and rest through one iterator, so that both belong to the same moment.
Result<std::optional<LogTail>> tailAt(KvIterator& at, Bucket bucket, LogId log)
{
    at.seekForPrev(keys::row(bucket, log, Seq{std::numeric_limits<std::uint64_t>::max()}));
    KITH_CHECK(at.status());
    if (!at.valid())
        return std::optional<LogTail>{};
    LogTail tail;
    KITH_TRY(tail.last, rowAt(at));
    const Bytes restKey = keys::row(bucket, log, Seq{});
    at.seek(restKey);
    KITH_CHECK(at.status());
    if (at.valid() && at.key() == restKey) {
        const auto rest = decodeLogRest(at.value());
        if (!rest)
            return damaged(restKey);
        tail.rest = *rest;
    }
    return std::optional<LogTail>(std::move(tail));
}

LogHead headOf(LogId log, const LogTail& tail)
{
    return {log,
            tail.last.generation,
            tail.last.seq,
            tail.last.chain,
            tail.last.time,
            tail.rest.floor,
            tail.rest.floorChain.bytes()};
}

} // namespace

Result<std::optional<Record>> StorageReader::get(const RecordKey& key) const
{
    const Bytes full = keys::record(key);
    KITH_TRY(const auto value, kv_.get(full));
    if (!value)
        return std::optional<Record>{};
    const auto row = decodeRecord(*value);
    if (!row)
        return damaged(full);
    return std::optional<Record>({key.key, Bytes(row->value), row->version});
}

Result<std::vector<Record>> StorageReader::scan(Bucket bucket, Table table, ByteView prefix, ByteView after,
                                                std::size_t limit) const
{
    const Bytes from = keys::record({bucket, table, Bytes(prefix)});
    const auto at = kv_.iterate(from);
    const Bytes start = keys::record({bucket, table, Bytes(std::max(prefix, after))});
    std::vector<Record> found;
    for (at->seek(start); at->valid() && found.size() < limit; at->next()) {
        const ByteView key = at->key().substr(keys::headSize);
        if (!after.empty() && key <= after)
            continue;
        const auto row = decodeRecord(at->value());
        if (!row)
            return damaged(at->key());
        found.push_back({Bytes(key), Bytes(row->value), row->version});
    }
    KITH_CHECK(at->status());
    return found;
}

Result<LogHead> StorageReader::head(LogId log) const
{
    KITH_TRY(const auto found, tail(log));
    if (!found)
        return noSuchLog();
    return headOf(log, *found);
}

Result<Page> StorageReader::read(LogId log, Seq after, std::size_t maxEntries, std::size_t maxBytes) const
{
    const Bucket bucket = bucketOf(log.view());
    const auto at = kv_.iterate(keys::ofLog(bucket, keys::Tag::LogRow, log));
    KITH_TRY(const auto found, tailAt(*at, bucket, log));
    if (!found)
        return noSuchLog();
    Page page{headOf(log, *found), {}};
    if (after >= page.head.head || maxEntries == 0)
        return page;
    std::size_t bytes = 0;
    Seq expected = after.next();
    for (at->seek(keys::row(bucket, log, expected)); at->valid() && page.entries.size() < maxEntries; at->next()) {
        KITH_TRY(Entry entry, rowAt(*at));
        if (entry.seq != expected) // A hole would be a silent gap (P4).
            return damaged(at->key());
        expected = expected.next();
        bytes += weight(entry);
        if (bytes > maxBytes && !page.entries.empty())
            break;
        page.entries.push_back(std::move(entry));
    }
    KITH_CHECK(at->status());
    return page;
}

Result<std::optional<LogTail>> StorageReader::tail(LogId log) const
{
    const Bucket bucket = bucketOf(log.view());
    const auto at = kv_.iterate(keys::ofLog(bucket, keys::Tag::LogRow, log));
    return tailAt(*at, bucket, log);
}

Result<std::vector<SentResult>> StorageReader::window(LogId log, DeviceId device) const
{
    const Bytes prefix = keys::sentOf(bucketOf(log.view()), log, device);
    const auto at = kv_.iterate(prefix);
    std::vector<SentResult> found;
    for (at->seek(prefix); at->valid(); at->next()) {
        const auto sent = decodeSent(at->value());
        if (!sent || at->key().size() != prefix.size() + 1)
            return damaged(at->key());
        found.push_back(*sent);
    }
    KITH_CHECK(at->status());
    return found;
}

Result<SendNo> StorageReader::nextSendNo(LogId log, DeviceId device) const
{
    KITH_TRY(const auto sent, window(log, device));
    SendNo highest;
    for (const SentResult& result : sent)
        highest = std::max(highest, result.number);
    return highest.next();
}

Result<std::vector<LogId>> StorageReader::activity(UserId user, std::uint64_t hour, LogId after,
                                                   std::size_t limit) const
{
    const Bytes prefix = keys::activityOf(user);
    const auto at = kv_.iterate(prefix);
    Bytes start = prefix;
    appendBigEndian(start, hour);
    // The lowest `limit` ids after `after`; the same log may stand in many hours.
    std::set<LogId> lowest;
    for (at->seek(start); at->valid() && limit > 0; at->next()) {
        const auto key = keys::parseActivity(at->key());
        if (!key)
            return damaged(at->key());
        if (key->log <= after || (lowest.size() == limit && key->log > *lowest.rbegin()))
            continue;
        lowest.insert(key->log);
        if (lowest.size() > limit)
            lowest.erase(std::prev(lowest.end()));
    }
    KITH_CHECK(at->status());
    return std::vector<LogId>(lowest.begin(), lowest.end());
}

Result<std::vector<std::pair<UserId, MarkRow>>> StorageReader::marks(LogId log) const
{
    const Bytes prefix = keys::ofLog(bucketOf(log.view()), keys::Tag::Mark, log);
    const auto at = kv_.iterate(prefix);
    std::vector<std::pair<UserId, MarkRow>> found;
    for (at->seek(prefix); at->valid(); at->next()) {
        const auto user = keys::parseMark(at->key());
        const auto row = decodeMark(at->value());
        if (!user || !row)
            return damaged(at->key());
        found.emplace_back(*user, *row);
    }
    KITH_CHECK(at->status());
    return found;
}

Result<std::optional<CursorRow>> StorageReader::cursor(LogId log, UserId user, DeviceId device) const
{
    const Bytes key = keys::cursor(bucketOf(log.view()), log, user, device);
    KITH_TRY(const auto value, kv_.get(key));
    if (!value)
        return std::optional<CursorRow>{};
    const auto row = decodeCursor(*value);
    if (!row)
        return damaged(key);
    return std::optional<CursorRow>(*row);
}

} // namespace kith::server
