#pragma once
/// The port over the engine and a Kv: queue, group commit, completions. How groups are driven is the derived class's: a
/// thread of its own (embedded), an executor (the memory twin). Owned by the composition root. Thread: as Storage.h
/// says; beginGroup, finishGroup and open on the writer's thread, one group at a time.

#include "server/storage/engine/LogEngine.h"

#include <deque>

namespace kith::server
{

class EngineStorage : public Storage
{
public:
    struct Limits {
        std::size_t cacheBytes = std::size_t{64} << 20; ///< Of the engine's caches.
        std::size_t groupItems = 1024;                  ///< Of one group commit.
        std::size_t groupBytes = std::size_t{4} << 20;  ///< Of one group commit, but for a single item.
        std::size_t queueItems = 65'536;                ///< What may wait; above it StorageError::Busy.
        std::size_t queueBytes = std::size_t{64} << 20;
    };

    void submit(Transaction transaction, CommitDone done) final;
    void submitMark(MarkUpdate update, MarkDone applied, std::function<void(Result<void>)> durable) final;
    void flush(std::function<void(Result<void>)> done) final;
    void trim(WallTime before, std::size_t maxLogs, std::function<void(Result<std::size_t>)> done) final;
    [[nodiscard]] Result<void> startNewGeneration(const std::function<Bytes(Generation, Seq)>& cutBody) final;

    [[nodiscard]] Result<std::optional<Record>> get(const RecordKey& key) const final;
    [[nodiscard]] Result<std::vector<Record>> scan(Bucket bucket, Table table, ByteView prefix, ByteView after,
                                                   std::size_t limit) const final;
    [[nodiscard]] Result<LogHead> head(LogId log) const final;
    [[nodiscard]] Result<Page> read(LogId log, Seq after, std::size_t maxEntries, std::size_t maxBytes) const final;
    [[nodiscard]] Result<LogMarks> marks(LogId log) const final;
    [[nodiscard]] Result<Seq> cursor(LogId log, UserId user, DeviceId device) const final;
    [[nodiscard]] Result<SendNo> nextSendNo(LogId log, DeviceId device) const final;
    [[nodiscard]] Result<std::vector<LogId>> activity(UserId user, std::uint64_t hour, LogId after,
                                                      std::size_t limit) const final;

    /// startNewGeneration() was begun and did not end. Before anything is submitted.
    [[nodiscard]] bool renewing() const { return engine_.renewing(); }
    /// What startNewGeneration() did, once it succeeded.
    [[nodiscard]] const Renewed& renewed() const { return renewed_; }

protected:
    EngineStorage(Kv& kv, const Clock& clock, Random& random, Limits limits);

    /// Reads the settings and commits the start. Before anything else.
    [[nodiscard]] Result<void> open();
    /// Something was queued. Any thread; not called again before beginGroup().
    virtual void wake() = 0;
    /// The first failed write, once. Writer's thread.
    virtual void stopped(const Error&) {}

    [[nodiscard]] bool waiting() const;
    /// Applies what waits, within a group's limits; the batch is to be written and its outcome given to finishGroup().
    [[nodiscard]] KvBatch beginGroup();
    void finishGroup(const Result<void>& written);
    /// Refuses all that waits, and all that comes, with `why`.
    void refuseAll(const Error& why);

    Kv& kv_;

private:
    struct Item {
        /// Told null to apply itself, or why it is refused.
        std::function<void(LogEngine&, const Error*)> run;
        std::function<void(const Error&)> refuse; ///< Answers without holding what was asked.
        std::size_t bytes = 0;
    };
    void enqueue(Item item);
    /// The engine is ahead of the disk now: nothing may be written any more.
    void stopWriting(const Error& failure);

    const Limits limits_;
    LogEngine engine_;  ///< Guarded by writer_.
    std::mutex writer_; ///< Held while a group is built or finished, or generations are renewed.
    Renewed renewed_;
    std::vector<LogEngine::Completion> completions_; ///< Of the group in flight; guarded by writer_.

    mutable std::mutex mutex_; ///< Guards what follows.
    std::deque<Item> queue_;
    std::size_t queuedBytes_ = 0;
    std::optional<Error> refusal_;
    bool woken_ = false;
};

} // namespace kith::server
