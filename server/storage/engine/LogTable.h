#pragma once
/// The rows of all logs as the writer sees them: numbering, time, ids, hash chain, tombstones, the hour index and
/// activity marks. Owned by LogEngine, on the writer's thread.

#include "core/base/Random.h"
#include "server/storage/engine/LruCache.h"
#include "server/storage/engine/StorageReader.h"
#include "server/storage/engine/WriteSet.h"

namespace kith::server
{

/// Hours since 1970; 0 for any time before.
[[nodiscard]] std::uint64_t hourOf(WallTime time);

/// Where a log stands with the group being built.
struct LogState {
    LogId log;
    Bucket bucket;
    Generation generation;
    Seq head; ///< 0: no entry yet, the log does not exist.
    Sha256Digest chain;
    WallTime time;
    LogRest rest;
    std::optional<std::uint64_t> indexedHour; ///< The hour index is known to name the log in this hour.
    std::uint64_t toldHour = 0;
    std::vector<UserId> told; ///< Have an activity mark for toldHour; sorted.
};

class LogTable
{
public:
    /// `budget`: octets of cached states.
    LogTable(WriteSet& out, const StorageReader& reader, Random& random, std::size_t budget)
        : out_(out), reader_(reader), random_(random), budget_(budget)
    {
    }

    /// The reference is valid until settled(). An unknown log has head 0 and the generation that a new one takes.
    [[nodiscard]] Result<LogState*> state(LogId log);
    /// A row, as the group leaves it so far. StorageError::NotFound beyond the head.
    [[nodiscard]] Result<Entry> row(const LogState& state, Seq seq) const;

    Accepted append(LogState& state, NewEntry entry, WallTime now);
    /// Takes body, envelopes, franking tag and claims; the rest stays, so the chain still recomputes.
    void strip(const LogState& state, Entry entry);
    /// strip() as a tombstone. Only application entries become one: their kind stays known for the chain.
    void drop(const LogState& state, Entry entry);
    void setRest(LogState& state, const LogRest& rest);
    /// At most one activity mark a member, log and hour.
    void tell(LogState& state, const std::vector<ActivityMark>& marks, std::uint64_t hour);

    /// New logs begin with at least this generation, so that a log lost by a restore never repeats numbers.
    void setLeastGeneration(Generation least) { least_ = least; }
    [[nodiscard]] Generation leastGeneration() const { return least_; }
    /// The lowest hour of a bucket's hour index that append() wrote since the last call.
    [[nodiscard]] std::vector<std::pair<Bucket, std::uint64_t>> takeNewHours() { return std::exchange(newHours_, {}); }
    /// The group is committed: caches go back into their budget.
    void settled();

private:
    [[nodiscard]] EntryId newEntryId(WallTime time);

    WriteSet& out_;
    const StorageReader& reader_;
    Random& random_;
    const std::size_t budget_;
    Generation least_{std::uint64_t{1}};
    LruCache<LogId, LogState> states_;
    std::vector<std::pair<Bucket, std::uint64_t>> newHours_;
    Bytes dice_; ///< Random octets drawn ahead: one call serves many ids.
};

} // namespace kith::server
