#include "server/storage/engine/Keys.h"
#include "server/storage/engine/LogEngine.h"

// LogEngine's part that runs at opening and after a restore: the store's own settings and new generations.

#include <algorithm>
#include <charconv>

namespace kith::server
{
namespace
{

constexpr std::size_t logsPerStep = 512;

RecordKey settingKey(std::string_view name)
{
    return {Bucket{}, Table::Setting, Bytes(name)};
}

std::uint64_t unixSecond(const Clock& clock)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(toMillis(clock.wall()) / 1000, 0));
}

} // namespace

Result<std::uint64_t> LogEngine::setting(std::string_view name) const
{
    KITH_TRY(const auto record, reader_.get(settingKey(name)));
    if (!record)
        return std::uint64_t{0};
    std::uint64_t value = 0;
    const char* end = record->value.data() + record->value.size();
    const auto parsed = std::from_chars(record->value.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
        return Error::make(StorageError::Damaged, "The store's setting '" + Bytes(name) + "' does not parse.");
    return value;
}

void LogEngine::setSetting(std::string_view name, std::uint64_t value)
{
    write({settingKey(name), std::to_string(value)});
}

Result<void> LogEngine::open()
{
    KITH_TRY(const std::uint64_t stored, setting("store.format"));
    if (stored > format)
        return Error::make(StorageError::TooNew, "A newer Kith server wrote this data directory (format " +
                                                     std::to_string(stored) + ", this program knows " +
                                                     std::to_string(format) +
                                                     "). Nothing was changed: use that version.");
    KITH_TRY(const std::uint64_t start, setting("store.start"));
    KITH_TRY(const std::uint64_t generation, setting("store.generation"));
    KITH_TRY(const std::uint64_t renewing, setting("store.renewing"));
    KITH_TRY(hour_, setting("store.hour"));
    renewing_ = renewing != 0;
    logs_.setLeastGeneration(Generation{std::max<std::uint64_t>(generation, 1)});
    // Also after a restore of an older copy, what is given out now is higher than all that was given out before.
    const std::uint64_t thisStart = std::max(start + 1, unixSecond(clock_));
    stamp_ = thisStart << 32U;
    if (stored == 0)
        setSetting("store.format", format);
    setSetting("store.start", thisStart);
    return {};
}

Result<bool> LogEngine::renewGenerations(const std::function<Bytes(Generation, Seq)>& cutBody, Renewed& renewed)
{
    if (!renewAt_) {
        const Generation least{std::max(logs_.leastGeneration().value() + 1, unixSecond(clock_))};
        logs_.setLeastGeneration(least);
        setSetting("store.generation", least.value());
        setSetting("store.renewing", 1);
        renewing_ = true;
        // The marks first: a device must learn that its logs moved.
        KITH_CHECK(announceAllLogs());
        renewAt_ = keys::head(Bucket{}, keys::Tag::LogRow);
        return true;
    }
    renewed.generation = logs_.leastGeneration();
    KITH_TRY(const bool more, renewSome(cutBody, renewed));
    if (!more) {
        write({settingKey("store.renewing"), std::nullopt});
        renewing_ = false;
        renewAt_.reset();
    }
    return more;
}

Result<void> LogEngine::announceAllLogs()
{
    const std::uint64_t hour = activityHour();
    for (std::uint16_t bucket = 0; bucket < bucketCount; ++bucket) {
        const Bytes prefix = keys::head(Bucket{bucket}, static_cast<std::uint8_t>(Table::UserLog));
        const auto at = out_.committed().iterate(prefix);
        for (at->seek(prefix); at->valid(); at->next()) {
            const ByteView key = at->key().substr(keys::headSize);
            if (key.size() != UserId::size + LogId::size)
                return Error::make(StorageError::Damaged, "A key of the users' conversations does not parse.");
            out_.putBefore(keys::activity(*UserId::fromBytes(key.substr(0, UserId::size)), hour,
                                          *LogId::fromBytes(key.substr(UserId::size))));
        }
        KITH_CHECK(at->status());
    }
    return {};
}

/// They may have been handed out after the copy was made: nobody may get them twice. Devices make new ones.
Result<void> LogEngine::withdrawKeys(Bucket bucket, Renewed& renewed)
{
    const Bytes prefix = keys::head(bucket, static_cast<std::uint8_t>(Table::OneTimePreKey));
    const auto at = out_.committed().iterate(prefix);
    for (at->seek(prefix); at->valid(); at->next()) {
        write({{bucket, Table::OneTimePreKey, Bytes(at->key().substr(keys::headSize))}, std::nullopt});
        ++renewed.keys;
    }
    return at->status();
}

Result<bool> LogEngine::renewSome(const std::function<Bytes(Generation, Seq)>& cutBody, Renewed& renewed)
{
    std::size_t done = 0;
    for (auto bucket = readBigEndian16(*renewAt_); bucket < bucketCount; ++bucket) {
        const Bytes prefix = keys::head(Bucket{bucket}, keys::Tag::LogRow);
        if (*renewAt_ <= prefix) // else a step before this one did it
            KITH_CHECK(withdrawKeys(Bucket{bucket}, renewed));
        const auto at = out_.committed().iterate(prefix);
        at->seek(std::max(prefix, *renewAt_));
        while (at->valid()) {
            const auto key = keys::parseRow(at->key());
            if (!key)
                return Error::make(StorageError::Damaged, "A key of the conversations' entries does not parse.");
            const Bytes next = keys::after(keys::ofLog(Bucket{bucket}, keys::Tag::LogRow, key->log));
            if (done == logsPerStep) {
                renewAt_ = keys::ofLog(Bucket{bucket}, keys::Tag::LogRow, key->log);
                return true;
            }
            ++done;
            ++renewed.logs;
            KITH_TRY(LogState * state, logs_.state(key->log));
            NewEntry cut;
            cut.kind = EntryKind::System;
            cut.body = cutBody(state->generation, state->head);
            state->generation = std::max(state->generation.next(), logs_.leastGeneration());
            logs_.append(*state, std::move(cut), clock_.wall());
            at->seek(next);
        }
        KITH_CHECK(at->status());
    }
    return false;
}

} // namespace kith::server
