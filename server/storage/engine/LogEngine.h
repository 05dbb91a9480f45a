#pragma once
/// The rules of the store (Storage.h's invariants) without threads and without I/O of its own: items of a group go in,
/// one batch and the group's completions come out. One group at a time: apply ... take, write the batch, settled. Owned
/// by EngineStorage. Thread: the writer's, but for marks().

#include "core/base/Clock.h"
#include "server/storage/Storage.h"
#include "server/storage/engine/LogTable.h"
#include "server/storage/engine/MarkTable.h"
#include "server/storage/engine/SendWindows.h"
#include "server/storage/engine/Trimmer.h"

#include <map>
#include <set>

namespace kith::server
{

/// What a new generation has done.
struct Renewed {
    Generation generation; ///< The least that any log is in now.
    std::uint64_t logs = 0;
    std::uint64_t keys = 0; ///< One-time pre-keys that were taken out.
};

class LogEngine
{
public:
    /// The format that this program writes; a store of a higher one is refused in words.
    static constexpr std::uint64_t format = 1;

    /// Told the outcome of the group's write.
    using Completion = std::function<void(const Result<void>&)>;
    struct Group {
        KvBatch batch; ///< Empty: nothing to write, complete at once.
        std::vector<Completion> completions;
    };

    /// `cacheBytes`: budget of all caches together.
    LogEngine(const Kv& kv, const Clock& clock, Random& random, std::size_t cacheBytes);

    /// Reads the store's own settings and starts a group that records this start. StorageError::TooNew or Damaged.
    [[nodiscard]] Result<void> open();

    void apply(Transaction transaction, Storage::CommitDone done);
    /// Calls `applied` at once; the change rides on the next group that has something else to write.
    void apply(const MarkUpdate& update, const Storage::MarkDone& applied, std::function<void(Result<void>)> durable);
    void applyTrim(WallTime before, std::size_t maxLogs, std::function<void(Result<std::size_t>)> done);
    /// Makes the group write the marks that wait.
    void applyFlush(std::function<void(Result<void>)> done);

    /// One step of startNewGeneration: at most some hundred logs, to be committed like any group. False when nothing is
    /// left. The first step announces every (user, log) of Table::UserLog as active. Adds up in `renewed`.
    [[nodiscard]] Result<bool> renewGenerations(const std::function<Bytes(Generation, Seq)>& cutBody, Renewed& renewed);
    [[nodiscard]] bool renewing() const { return renewing_; }

    /// Ends the group. Marks that wait go along when there is something to write, or too many of them.
    [[nodiscard]] Group take();
    /// The taken batch is committed.
    void settled();
    /// It never will be: whoever waits for marks to become durable.
    [[nodiscard]] std::vector<Completion> abandon() { return std::exchange(markCompletions_, {}); }

    /// Thread: any, for its readers.
    [[nodiscard]] const MarkTable& marks() const { return marks_; }
    [[nodiscard]] const StorageReader& reader() const { return reader_; }

private:
    [[nodiscard]] Result<Committed> commit(Transaction& transaction);
    [[nodiscard]] Result<void> checkBucket(const Transaction& transaction) const;
    [[nodiscard]] Result<std::optional<Committed>> answerRepeated(const Transaction& transaction);
    [[nodiscard]] Result<Accepted> firstResult(LogId log, const NewEntry& entry);
    [[nodiscard]] Result<void> checkExpects(const std::vector<Expect>& expects);
    [[nodiscard]] Result<std::vector<Entry>> checkAppend(const Append& append);
    [[nodiscard]] Result<void> checkSendNumbers(const Append& append);
    [[nodiscard]] std::vector<Accepted> perform(Append& append, std::vector<Entry> drops);
    [[nodiscard]] Result<std::uint64_t> versionOf(const RecordKey& key);
    void write(const Write& write);

    [[nodiscard]] Result<std::uint64_t> setting(std::string_view name) const;
    void setSetting(std::string_view name, std::uint64_t value);
    [[nodiscard]] std::uint64_t activityHour();
    void tellWaiting();
    [[nodiscard]] Result<void> announceAllLogs();
    [[nodiscard]] Result<bool> renewSome(const std::function<Bytes(Generation, Seq)>& cutBody, Renewed& renewed);
    [[nodiscard]] Result<void> withdrawKeys(Bucket bucket, Renewed& renewed);

    const Clock& clock_;
    StorageReader reader_;
    WriteSet out_;
    LogTable logs_;
    SendWindows windows_;
    MarkTable marks_;
    Trimmer trimmer_;
    const std::size_t versionBudget_;
    LruCache<Bytes, std::uint64_t> versions_; ///< Of records, by key; 0: absent.
    std::uint64_t stamp_ = 0; ///< Last record version and mark revision given; rises over restarts and restores.
    std::uint64_t hour_ = 0;  ///< Highest hour that an activity mark was given: the hour never falls with the clock.
    bool renewing_ = false;   ///< A new generation was begun and is not complete: appends are refused.
    std::optional<Bytes> renewAt_;
    bool flush_ = false;
    bool marksTaken_ = false; ///< The group in flight carries the marks that waited.
    std::vector<Completion> completions_;
    std::vector<Completion> markCompletions_;
    std::map<LogId, std::set<ActivityMark>> waitingTells_; ///< Whom to tell of changed marks, with the next group.
    std::size_t waitingTellCount_ = 0;
};

} // namespace kith::server
