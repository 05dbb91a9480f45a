#include "server/storage/engine/Trimmer.h"

#include "server/storage/engine/Keys.h"

#include <algorithm>
#include <limits>

namespace kith::server
{
namespace
{

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t maxRows = 512;   // keeps the writer's thread from its group commits for some milliseconds only
constexpr std::size_t maxSwept = 1024; // activity marks and buckets looked at in one step

} // namespace

Result<void> Trimmer::readOldest()
{
    if (!oldest_.empty())
        return {};
    std::vector<std::uint64_t> oldest(bucketCount, never);
    for (std::uint16_t bucket = 0; bucket < bucketCount; ++bucket) {
        const Bytes prefix = keys::head(Bucket{bucket}, keys::Tag::Hour);
        const auto at = out_.committed().iterate(prefix);
        at->seek(prefix);
        KITH_CHECK(at->status());
        if (!at->valid())
            continue;
        const auto key = keys::parseHour(at->key());
        if (!key)
            return damaged(at->key());
        oldest[bucket] = key->hour;
    }
    oldest_ = std::move(oldest);
    return {};
}

void Trimmer::noteHours(const std::vector<std::pair<Bucket, std::uint64_t>>& hours)
{
    if (oldest_.empty())
        return; // Read from the disk at the first step, these included.
    for (const auto& [bucket, hour] : hours)
        oldest_[bucket.value()] = std::min(oldest_[bucket.value()], hour);
}

Result<std::size_t> Trimmer::step(WallTime before, std::size_t maxLogs, std::uint64_t hourNow)
{
    KITH_CHECK(readOldest());
    const std::uint64_t limit = hourOf(before);
    std::size_t trimmed = 0;
    std::size_t waiting = 0;
    std::size_t rows = maxRows;
    for (std::uint16_t bucket = 0; bucket < bucketCount && waiting <= maxLogs; ++bucket) {
        if (oldest_[bucket] >= limit)
            continue;
        const Bytes prefix = keys::head(Bucket{bucket}, keys::Tag::Hour);
        const auto at = out_.committed().iterate(prefix);
        std::uint64_t oldest = never;
        for (at->seek(prefix); at->valid(); at->next()) {
            const auto key = keys::parseHour(at->key());
            if (!key)
                return damaged(at->key());
            if (out_.erases(Bytes(at->key()))) // An earlier step of this group took it out.
                continue;
            bool done = false;
            if (key->hour < limit && trimmed < maxLogs && rows > 0) {
                KITH_TRY(done, trimLog(key->log, key->hour, rows));
                if (done) {
                    out_.erase(Bytes(at->key()));
                    ++trimmed;
                    continue;
                }
            }
            oldest = std::min(oldest, key->hour);
            if (key->hour >= limit || ++waiting > maxLogs)
                break;
        }
        KITH_CHECK(at->status());
        oldest_[bucket] = oldest;
    }
    KITH_TRY(const bool swept, expireActivity(std::min(limit, hourNow)));
    return swept ? waiting : std::max<std::size_t>(waiting, 1);
}

Result<bool> Trimmer::trimLog(LogId log, std::uint64_t hour, std::size_t& rows)
{
    KITH_TRY(LogState * state, logs_.state(log));
    LogRest rest = state->rest;
    bool done = true;
    while (rest.floor <= state->head) {
        KITH_TRY(Entry entry, logs_.row(*state, rest.floor));
        if (hourOf(entry.time) > hour)
            break;
        if (rows == 0) {
            done = false;
            break;
        }
        --rows;
        rest.floor = entry.seq.next();
        rest.floorChain = *Sha256Digest::fromBytes(entry.chain);
        logs_.strip(*state, std::move(entry));
    }
    if (rest.floor != state->rest.floor)
        logs_.setRest(*state, rest);
    if (done && state->indexedHour == hour)
        state->indexedHour.reset();
    return done;
}

/// Walks all users once per hour that passes, some of them in each step: within a user, marks are in order of hours, so
/// the walk skips to the next user at the first young one.
Result<bool> Trimmer::expireActivity(std::uint64_t limit)
{
    if (limit > sweptBefore_) {
        sweptBefore_ = limit;
        sweepAt_ = keys::head(Bucket{}, keys::Tag::Activity);
    }
    if (!sweepAt_)
        return true;
    std::size_t looked = 0;
    for (auto bucket = readBigEndian16(*sweepAt_); bucket < bucketCount; ++bucket) {
        const Bytes prefix = keys::head(Bucket{bucket}, keys::Tag::Activity);
        if (++looked > maxSwept) {
            sweepAt_ = std::max(prefix, *sweepAt_);
            return false;
        }
        const auto at = out_.committed().iterate(prefix);
        at->seek(std::max(prefix, *sweepAt_));
        while (at->valid()) {
            if (++looked > maxSwept) {
                sweepAt_ = Bytes(at->key());
                return false;
            }
            const auto key = keys::parseActivity(at->key());
            if (!key)
                return damaged(at->key());
            if (key->hour < sweptBefore_) {
                out_.erase(Bytes(at->key()));
                at->next();
            } else {
                at->seek(keys::after(keys::activityOf(key->user)));
            }
        }
        KITH_CHECK(at->status());
    }
    sweepAt_.reset();
    return true;
}

} // namespace kith::server
