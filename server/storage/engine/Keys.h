#pragma once
/// The layout of keys (docs/protocol/storage-layout.md). Every key starts with its bucket (2 octets, big-endian) and a
/// table tag (1), so that a bucket is one range. Thread: pure, any.

#include "server/storage/StorageTypes.h"

namespace kith::server::keys
{

/// Numbers are on disk: never change or reuse one. 1-127 are the port's Table.
enum class Tag : std::uint8_t {
    LogRow = 128,   ///< log | seq (big-endian 8): an entry; seq 0: what trim and MLS keep of the log.
    Sent = 129,     ///< log | device | send_no mod 64 (1): the dedupe window.
    Cursor = 130,   ///< log | user | device
    Mark = 131,     ///< log | user
    Hour = 132,     ///< hour (big-endian 8) | log: the log has rows of that hour.
    Activity = 133, ///< user | hour (big-endian 8) | log
};

constexpr std::size_t headSize = 3; ///< Bucket and tag.
/// Keys of one log in one table share this many octets.
constexpr std::size_t logPrefixSize = headSize + LogId::size;
constexpr std::uint64_t sendWindow = 64;

[[nodiscard]] Bytes head(Bucket bucket, std::uint8_t tag);
[[nodiscard]] inline Bytes head(Bucket bucket, Tag tag)
{
    return head(bucket, static_cast<std::uint8_t>(tag));
}

[[nodiscard]] Bytes record(const RecordKey& key);
/// What all keys of this log in this table start with.
[[nodiscard]] Bytes ofLog(Bucket bucket, Tag tag, LogId log);
[[nodiscard]] Bytes row(Bucket bucket, LogId log, Seq seq);
[[nodiscard]] Bytes sentOf(Bucket bucket, LogId log, DeviceId device);
[[nodiscard]] Bytes sent(Bucket bucket, LogId log, DeviceId device, SendNo number);
[[nodiscard]] Bytes cursor(Bucket bucket, LogId log, UserId user, DeviceId device);
[[nodiscard]] Bytes mark(Bucket bucket, LogId log, UserId user);
[[nodiscard]] Bytes hour(Bucket bucket, std::uint64_t hour, LogId log);
[[nodiscard]] Bytes activityOf(UserId user);
[[nodiscard]] Bytes activity(UserId user, std::uint64_t hour, LogId log);

/// The parts of a key after its head; nullopt where the length is wrong.
struct RowKey {
    LogId log;
    Seq seq;
};
[[nodiscard]] std::optional<RowKey> parseRow(ByteView key);
[[nodiscard]] std::optional<UserId> parseMark(ByteView key);
struct HourKey {
    std::uint64_t hour = 0;
    LogId log;
};
[[nodiscard]] std::optional<HourKey> parseHour(ByteView key);
struct ActivityKey {
    UserId user;
    std::uint64_t hour = 0;
    LogId log;
};
[[nodiscard]] std::optional<ActivityKey> parseActivity(ByteView key);

/// The first key after all that start with `prefix`. Precondition: `prefix` is not all 0xff.
[[nodiscard]] Bytes after(ByteView prefix);

} // namespace kith::server::keys
