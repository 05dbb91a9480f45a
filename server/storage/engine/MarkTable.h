#pragma once
/// Receipt marks and cursors: changed in memory at once, written with the next group commit (mechanisms.md section 2).
/// Owned by LogEngine. Thread: readers from any; the rest on the writer's thread.

#include "server/storage/engine/LruCache.h"
#include "server/storage/engine/StorageReader.h"
#include "server/storage/engine/WriteSet.h"

#include <mutex>

namespace kith::server
{

class MarkTable
{
public:
    /// `budget`: octets of cached marks and cursors together.
    MarkTable(const StorageReader& reader, std::size_t budget) : reader_(reader), budget_(budget) {}

    /// Moves the device's cursor and the account's marks forward; nothing passes `head`. A changed mark takes
    /// `revision`. StorageError::CloneSend where the device states less than it did before (0 states nothing).
    [[nodiscard]] Result<MarkResult> apply(const MarkUpdate& update, Seq head, std::uint64_t revision);
    /// How many changes wait for a commit.
    [[nodiscard]] std::size_t waiting() const { return dirtyCursors_.size() + dirtyMarks_.size(); }
    /// Adds what waits to the batch; it stays readable here until settled().
    void collect(WriteSet& out);
    /// What was collected is committed.
    void settled();

    [[nodiscard]] Result<LogMarks> marks(LogId log) const;
    [[nodiscard]] Result<Seq> cursor(LogId log, UserId user, DeviceId device) const;

private:
    struct MemberMark {
        UserId user;
        MarkRow row;
        bool dirty = false;
    };
    struct LogEntry {
        std::vector<MemberMark> members; ///< Sorted by user.
    };
    struct CursorEntry {
        LogId log;
        UserId user;
        DeviceId device;
        CursorRow row;
        bool dirty = false;
    };

    [[nodiscard]] Result<LogEntry*> log(LogId log);
    [[nodiscard]] Result<CursorEntry*> cursorEntry(const MarkUpdate& update);

    const StorageReader& reader_;
    const std::size_t budget_;
    mutable std::mutex mutex_; ///< Guards both caches: readers look here before they look on the disk.
    LruCache<LogId, LogEntry> logs_;
    LruCache<Bytes, CursorEntry> cursors_; ///< By log | user | device.
    std::vector<Bytes> dirtyCursors_;
    std::vector<std::pair<LogId, UserId>> dirtyMarks_;
};

} // namespace kith::server
