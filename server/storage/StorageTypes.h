#pragma once
/// The values of the storage port (Storage.h): errors, records, transactions, marks. Plain values, any thread.

#include "core/base/Result.h"
#include "server/domain/Entry.h"
#include "server/domain/Marks.h"

#include <optional>
#include <vector>

namespace kith::server
{

enum class StorageError {
    Conflict,    ///< An expected record version does not hold (any more): read again and retry.
    SendGap,     ///< A send_no above the next; payload is the expected number, decimal.
    CloneSend,   ///< A send_no, or cursor, lower than this device has acked: a cloned device.
    Generation,  ///< The named generation is not the log's; payload is the present one, decimal.
    NotFound,    ///< No such log.
    WrongBucket, ///< A transaction touches two buckets: a bug of the caller.
    Stopped,     ///< The writer stopped after a failed write; the process must end.
    Damaged,     ///< Stored bytes do not parse.
    Full,        ///< The disk is full: nothing was written (also stops the writer).
    Busy,        ///< Too much waits to be written: nothing was done, the same call may succeed later.
    Locked,      ///< At opening: another process uses the store.
    TooNew,      ///< At opening: a newer program wrote the store.
    Unopened,    ///< At opening: no store can be made or read there.
};

using Bucket = StrongNumber<struct BucketTag, std::uint16_t>;
constexpr std::uint16_t bucketCount = 4096;
/// Of a log, a user, a folded handle, an invite token: hash(id) mod 4096; never changes.
[[nodiscard]] Bucket bucketOf(ByteView id);

/// Numbers are on disk: never change or reuse one.
enum class Table : std::uint8_t {
    Account = 1,       ///< user
    Handle = 2,        ///< folded handle
    Device = 3,        ///< user | device
    Manifest = 4,      ///< user | version (big-endian 8)
    SignedPreKey = 5,  ///< user | device
    OneTimePreKey = 6, ///< user | device | id (big-endian 4)
    Invite = 7,        ///< token hash
    Conversation = 8,  ///< log: members, their states and device-list copies
    Block = 9,         ///< user | blocked user
    Job = 10,          ///< job id
    UserLog = 11,      ///< user | log: the logs that a user reads
    Setting = 12,      ///< name: the server's own state
};

struct RecordKey {
    Bucket bucket;
    Table table;
    Bytes key;
};
struct Record {
    Bytes key; ///< Within its table.
    Bytes value;
    std::uint64_t version = 0; ///< Changes with every write of this record; never 0 for one that exists.
};

struct Expect {
    RecordKey key;
    std::uint64_t version = 0; ///< 0: the record must not exist.
};
struct Write {
    RecordKey key;
    std::optional<Bytes> value; ///< Nullopt: delete.
};

/// "User's log moved in this hour": how a reconnecting device learns what to fetch. Never cleared by an ack.
struct ActivityMark {
    UserId user;
    LogId log;
    friend auto operator<=>(const ActivityMark&, const ActivityMark&) = default;
};

/// Entries for one log of the transaction's bucket, each log once. The first append to an unknown log creates it.
struct Append {
    LogId log;
    std::vector<NewEntry> entries;
    std::vector<Seq> drops; ///< Become tombstones in the same transaction; existing, allowed: checked by chat.
    std::optional<Generation> generation; ///< Must be the log's present one where given.
    std::optional<std::uint64_t> epoch;   ///< Compare-and-set on (log, epoch): reserved for MLS, must be the log's.
    std::vector<ActivityMark> activity;   ///< Readers of the log.
};

struct Transaction {
    Bucket bucket;
    std::vector<Expect> expects;
    std::vector<Write> writes;
    std::vector<Append> appends;
};
struct Committed {
    std::vector<std::vector<Accepted>> accepted; ///< Per append, per entry.
    bool repeated = false; ///< The first entry's send had been accepted before: nothing was written now.
};

/// A device's statement about one log: cursor, and its account's marks. Everything is monotone: lower values change
/// nothing.
struct MarkUpdate {
    LogId log;
    UserId user;
    DeviceId device;
    Seq cursor;
    Seq delivered; ///< 0: unchanged.
    Seq read;      ///< 0: unchanged.
    SendNo sendNo;
    std::vector<ActivityMark> activity; ///< Members to tell when a mark changed.
};
struct MarkResult {
    bool changed = false;
    LogMarks marks;
};

struct Page {
    LogHead head;
    std::vector<Entry> entries;
};

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::StorageError> {
    static constexpr std::string_view domain = "storage";
    static std::string_view name(server::StorageError code);
    static Remedy remedy(server::StorageError code);
};
} // namespace kith
