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

#include "server/storage/StorageTypes.h"

#include <functional>

namespace kith::server
{

class Storage
{
public:
    using CommitDone = std::function<void(Result<Committed>)>;
    using MarkDone = std::function<void(Result<MarkResult>)>;

    virtual ~Storage() = default;

    /// Commits with the next group; `done` exactly once, after the fsync.
    virtual void submit(Transaction transaction, CommitDone done) = 0;
    /// Applies in memory at once, `applied` from the writer's thread soon; rides on the next group commit and never
    /// causes one (but where 16,384 changes wait), `durable` after that. A crash in between loses it: the device states
    /// it again. Marks and cursor are clamped to the head; CloneSend where cursor or sendNo is not 0 and lower than
    /// this device stated before: nothing changes then.
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

    /// Drops bodies of rows older than `before` in at most `maxLogs` logs (hard age), in whole hours, and expired
    /// activity marks; `done` with the number of logs that still wait, counted up to maxLogs + 1: call again until 0.
    virtual void trim(WallTime before, std::size_t maxLogs, std::function<void(Result<std::size_t>)> done) = 0;
    /// Starts a new generation in every log that existed when the store was written (after a restore): each continues
    /// with a system entry made by `cutBody` from the last (generation, seq) it holds, and every (user, log) of
    /// Table::UserLog is marked active. Table::OneTimePreKey is emptied: an older copy holds keys that were handed out
    /// since. Called before serving; interrupted, appends are refused until it is called again.
    [[nodiscard]] virtual Result<void> startNewGeneration(const std::function<Bytes(Generation, Seq)>& cutBody) = 0;
};

} // namespace kith::server
