#include "server/storage/engine/LogTable.h"

#include "core/crypto/Hash.h"
#include "core/crypto/LogChain.h"
#include "server/storage/engine/Keys.h"

#include <algorithm>

namespace kith::server
{
namespace
{

constexpr std::int64_t hourMs = 3'600'000;
constexpr std::size_t idTimeOctets = 6;
constexpr std::size_t idRandomOctets = EntryId::size - idTimeOctets;

} // namespace

std::uint64_t hourOf(WallTime time)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(toMillis(time), 0) / hourMs);
}

Result<LogState*> LogTable::state(LogId log)
{
    if (LogState* known = states_.find(log))
        return known;
    KITH_TRY(const auto tail, reader_.tail(log));
    LogState state;
    state.log = log;
    state.bucket = bucketOf(log.view());
    state.generation = least_;
    if (tail) {
        state.generation = tail->last.generation;
        state.head = tail->last.seq;
        state.chain = *Sha256Digest::fromBytes(tail->last.chain);
        state.time = tail->last.time;
        state.rest = tail->rest;
    }
    return &states_.insert(log, std::move(state));
}

Result<Entry> LogTable::row(const LogState& state, Seq seq) const
{
    if (seq.value() == 0 || seq > state.head)
        return Error::make(StorageError::NotFound, "The conversation has no entry of that number.");
    const Bytes key = keys::row(state.bucket, state.log, seq);
    KITH_TRY(const auto value, out_.get(key));
    auto entry = value ? decodeRow(state.log, seq, *value) : std::nullopt;
    if (!entry)
        return damaged(key);
    return std::move(*entry);
}

EntryId LogTable::newEntryId(WallTime time)
{
    if (dice_.size() < idRandomOctets)
        dice_ = random_.bytes(64 * idRandomOctets);
    Bytes id;
    appendBigEndian(id, static_cast<std::uint64_t>(toMillis(time)) << 8U * (8 - idTimeOctets));
    id.resize(idTimeOctets);
    id.append(dice_, dice_.size() - idRandomOctets);
    dice_.resize(dice_.size() - idRandomOctets);
    return EntryId::fromBytes(id).value_or(EntryId{});
}

Accepted LogTable::append(LogState& state, NewEntry added, WallTime now)
{
    Entry entry;
    static_cast<NewEntry&>(entry) = std::move(added);
    entry.log = state.log;
    entry.generation = state.generation;
    entry.seq = state.head.next();
    entry.time = std::max({now, state.time, wallFromMillis(0)});
    entry.id = newEntryId(entry.time);
    const Sha256Digest bodyHash = sha256(entry.body);
    entry.bodyHash = bodyHash.bytes();
    state.chain = nextChain(
        state.chain, rowHash({entry.log, entry.generation, entry.seq, entry.senderDevice,
                              static_cast<std::uint8_t>(entry.kind), entry.clientMsgId, bodyHash, entry.commitment}));
    entry.chain = state.chain.bytes();
    out_.put(keys::row(state.bucket, state.log, entry.seq), encodeRow(entry));
    state.head = entry.seq;
    state.time = entry.time;

    const std::uint64_t hour = hourOf(entry.time);
    if (state.indexedHour != hour) {
        out_.put(keys::hour(state.bucket, hour, state.log), {});
        state.indexedHour = hour;
        newHours_.emplace_back(state.bucket, hour);
    }
    return {entry.generation, entry.seq, entry.id, entry.time, entry.chain, false, false};
}

void LogTable::strip(const LogState& state, Entry entry)
{
    entry.body.clear();
    entry.envelopes.clear();
    entry.frankingTag.clear();
    entry.blobIds.clear();
    out_.put(keys::row(state.bucket, state.log, entry.seq), encodeRow(entry));
}

void LogTable::drop(const LogState& state, Entry entry)
{
    entry.kind = EntryKind::Tombstone;
    strip(state, std::move(entry));
}

void LogTable::setRest(LogState& state, const LogRest& rest)
{
    state.rest = rest;
    out_.put(keys::row(state.bucket, state.log, Seq{}), encodeLogRest(rest));
}

void LogTable::tell(LogState& state, const std::vector<ActivityMark>& marks, std::uint64_t hour)
{
    if (state.toldHour != hour) {
        states_.charge(-static_cast<std::ptrdiff_t>(state.told.size() * sizeof(UserId)));
        state.told.clear();
        state.toldHour = hour;
    }
    for (const ActivityMark& mark : marks) {
        if (mark.log == state.log) {
            const auto at = std::lower_bound(state.told.begin(), state.told.end(), mark.user);
            if (at != state.told.end() && *at == mark.user)
                continue;
            state.told.insert(at, mark.user);
            states_.charge(sizeof(UserId));
        }
        out_.putBefore(keys::activity(mark.user, hour, mark.log));
    }
}

void LogTable::settled()
{
    states_.shrink(budget_, [](const LogState& state) { return state.told.size() * sizeof(UserId); });
}

} // namespace kith::server
