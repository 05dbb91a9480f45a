#pragma once
/// What one transaction leaves to do in other buckets (mechanisms.md section 1). The transaction writes a job row;
/// after its commit the runner does the work and deletes the row. A crash in between leaves the row, and start() does
/// the work then: so every handler is idempotent and decides by what is stored now, not by what was meant then.
///
/// States: row written -> handler succeeded -> row deleted. A row that was written again while its handler ran is not
/// deleted but run again. A handler that fails leaves the row for retry() and the next start.
/// Thread: run(), retry() from any; handlers and `done` on the job strand.

#include "server/chat/Caller.h"
#include "server/storage/Storage.h"

#include <map>
#include <mutex>
#include <set>

namespace kith::server
{

/// Numbers are on disk: never change or reuse one.
enum class JobKind : std::uint8_t {
    Register = 1,     ///< user: a registration that holds a handle and an invite.
    Devices = 2,      ///< user: the account's device list changed; its logs have copies.
    Conversation = 3, ///< log: its members must learn that they are, or are not any more.
    Block = 4,        ///< user | peer: their conversation has a copy.
};

struct Job {
    RecordKey key;
    ByteView subject; ///< Of the key, behind its kind.
    Bytes value;
    std::uint64_t version = 0;
};

/// The row of `kind` for `subject` in the bucket of the transaction that writes it.
[[nodiscard]] RecordKey jobKey(Bucket bucket, JobKind kind, ByteView subject);

class JobRunner
{
public:
    using Handler = std::function<void(const Job&, Done<void>)>;

    JobRunner(Storage& storage, Executor& strand) : storage_(storage), strand_(strand) {}

    /// Before the first job.
    void handle(JobKind kind, Handler handler) { handlers_[kind] = std::move(handler); }
    /// Runs the job if its row exists; succeeds when the row is gone.
    void run(RecordKey key, Done<void> done);
    /// Runs every row of all buckets, one after the other; `done` once each was tried.
    void start(Done<void> done);
    /// Tries again what failed.
    void retry();

    [[nodiscard]] Executor& strand() { return strand_; }

private:
    void attempt(RecordKey key, Done<void> done, int tries);
    void finish(const std::shared_ptr<Job>& job, Done<void> done, int tries);
    void failed(const RecordKey& key, Error error, const Done<void>& done);
    void sweep(std::uint16_t bucket, Bytes after, Done<void> done);

    Storage& storage_;
    Executor& strand_;
    std::map<JobKind, Handler> handlers_;
    std::mutex mutex_;
    std::set<std::pair<std::uint16_t, Bytes>> failed_; ///< At most maxFailed; the rest waits for the next start.
};

} // namespace kith::server
