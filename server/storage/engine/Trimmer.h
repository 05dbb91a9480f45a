#pragma once
/// Bodies go at their hard age, activity marks with them (mechanisms.md section 3). Finds logs through the hour index,
/// so that a call costs what is old, not what exists. Owned by LogEngine, on the writer's thread.

#include "server/storage/engine/LogTable.h"

namespace kith::server
{

class Trimmer
{
public:
    Trimmer(WriteSet& out, LogTable& logs) : out_(out), logs_(logs) {}

    /// One step: at most `maxLogs` logs and 512 rows, in whole hours before `before`; activity marks of those hours,
    /// never of `hourNow` or later. Returns how many logs wait, counted up to `maxLogs` + 1; 0: nothing is left.
    [[nodiscard]] Result<std::size_t> step(WallTime before, std::size_t maxLogs, std::uint64_t hourNow);
    /// append() wrote into the index.
    void noteHours(const std::vector<std::pair<Bucket, std::uint64_t>>& hours);

private:
    [[nodiscard]] Result<void> readOldest();
    [[nodiscard]] Result<bool> trimLog(LogId log, std::uint64_t hour, std::size_t& rows);
    [[nodiscard]] Result<bool> expireActivity(std::uint64_t limit);

    WriteSet& out_;
    LogTable& logs_;
    std::vector<std::uint64_t> oldest_; ///< Per bucket, the index's lowest hour; empty until read.
    std::uint64_t sweptBefore_ = 0;     ///< Activity marks of lower hours are gone, or going from sweepAt_ on.
    std::optional<Bytes> sweepAt_;      ///< Where the sweep goes on; nullopt: it is done.
};

} // namespace kith::server
