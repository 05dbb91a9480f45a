#pragma once
/// The storage port (mechanisms.md sections 1-3 and 9). Records and logs live in 4,096 buckets; every operation is one
/// transaction in one bucket, and what needs two leaves an idempotent job row in the first (Table::Job).
///
/// Invariants:
///  1. A completion reports success only after the transaction is on stable storage (P1).
///  2. Readers see committed state only, clamped to the durable head; nobody reads an uncommitted batch.
///  3. Entries of a log are numbered 1, 2, 3 ... without holes (P3); (generation, seq) is never reused.
///  4. A send that was accepted once is answered with its first result for ever, before expectations are looked at
///  (P2).
///  5. Activity marks are on stable storage before, or together with, the entries they announce.
///  6. After a failed write or fsync every later write fails with StorageError::Stopped; reads go on.
///
/// Thread: submit*() from any thread, never blocks on I/O; completions come on the writer's thread and must only post.
/// Reads from any thread but an event loop: they may touch the disk.

#include "core/base/Result.h"
#include "server/domain/Entry.h"

#include <functional>
#include <optional>
#include <span>

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
};

/// Entries for one log of the transaction's bucket. The first append to an unknown log creates it.
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
struct Mark {
    UserId user;
    Seq delivered;
    Seq read;
};
struct LogMarks {
    std::uint64_t revision = 0; ///< Rises with each change, over restarts too.
    std::vector<Mark> members;
};
struct MarkResult {
    bool changed = false;
    LogMarks marks;
};

struct Page {
    LogHead head;
    std::vector<Entry> entries;
};

class Storage
{
public:
    using CommitDone = std::function<void(Result<Committed>)>;
    using MarkDone = std::function<void(Result<MarkResult>)>;

    virtual ~Storage() = default;

    /// Commits with the next group; `done` exactly once, after the fsync.
    virtual void submit(Transaction transaction, CommitDone done) = 0;
    /// Applies in memory at once, `applied` from the writer's thread soon; rides on the next group commit and never
    /// causes one, `durable` after that. A crash in between loses it: the device states it again.
    virtual void submitMark(MarkUpdate update, MarkDone applied, std::function<void(Result<void>)> durable) = 0;
    /// Commits what waits (pending marks too); `done` after the fsync. For drain and tests.
    virtual void flush(std::function<void(Result<void>)> done) = 0;

    [[nodiscard]] virtual Result<std::optional<Record>> get(const RecordKey& key) const = 0;
    /// Records of `table` in `bucket` whose key starts with `prefix` and sorts after `after`, in key order, at most
    /// `limit`.
    [[nodiscard]] virtual Result<std::vector<Record>> scan(Bucket bucket, Table table, ByteView prefix, ByteView after,
                                                           std::size_t limit) const = 0;
    /// NotFound for a log without entries.
    [[nodiscard]] virtual Result<LogHead> head(LogId log) const = 0;
    /// Entries with seq > after up to the durable head; at most maxEntries and, but for a single one, maxBytes.
    [[nodiscard]] virtual Result<Page> read(LogId log, Seq after, std::size_t maxEntries,
                                            std::size_t maxBytes) const = 0;
    [[nodiscard]] virtual Result<LogMarks> marks(LogId log) const = 0;
    /// What this device last stated for the log; 0 for nothing.
    [[nodiscard]] virtual Result<Seq> cursor(LogId log, UserId user, DeviceId device) const = 0;
    /// The next send_no that is taken from this device in this log.
    [[nodiscard]] virtual Result<SendNo> nextSendNo(LogId log, DeviceId device) const = 0;
    /// Logs of `user` with activity in hour >= `hour` (hours since 1970 of the server's clock), sorted, after `after`.
    [[nodiscard]] virtual Result<std::vector<LogId>> activity(UserId user, std::uint64_t hour, LogId after,
                                                              std::size_t limit) const = 0;

    /// Drops bodies of rows older than `before` in at most `maxLogs` logs (hard age), and expired activity marks;
    /// `done` with the number of logs that still wait.
    virtual void trim(WallTime before, std::size_t maxLogs, std::function<void(Result<std::size_t>)> done) = 0;
    /// Starts a new generation in every log that existed when the store was written (after a restore): each continues
    /// with a system entry made by `cutBody`. Called before serving.
    [[nodiscard]] virtual Result<void> startNewGeneration(const std::function<Bytes(Generation, Seq)>& cutBody) = 0;
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
