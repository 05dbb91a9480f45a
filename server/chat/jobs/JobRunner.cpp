#include "server/chat/jobs/JobRunner.h"

#include "core/base/Log.h"
#include "server/chat/ChatError.h"
#include "server/chat/Rule.h"

namespace kith::server
{

namespace
{

constexpr std::size_t maxFailed = 10'000;
constexpr std::size_t sweepPage = 64;

} // namespace

RecordKey jobKey(Bucket bucket, JobKind kind, ByteView subject)
{
    return {bucket, Table::Job, Bytes(1, static_cast<char>(kind)).append(subject)};
}

void JobRunner::run(RecordKey key, Done<void> done)
{
    strand_.post([this, key = std::move(key), done = std::move(done)]() mutable {
        attempt(std::move(key), std::move(done), ruleTries);
    });
}

void JobRunner::attempt(RecordKey key, Done<void> done, int tries)
{
    Result<std::optional<Record>> record = storage_.get(key);
    if (!record.ok())
        return failed(key, asChatError(record.error()), done);
    if (!*record)
        return done({});

    auto job = std::make_shared<Job>();
    job->key = std::move(key);
    job->subject = ByteView(job->key.key).substr(1);
    job->value = std::move((*record)->value);
    job->version = (*record)->version;
    const auto handler = handlers_.find(static_cast<JobKind>(static_cast<std::uint8_t>(job->key.key[0])));
    if (handler == handlers_.end())
        return failed(job->key, Error::make(ChatError::Internal, "A job of an unknown kind is stored."), done);
    handler->second(*job, [this, job, done = std::move(done), tries](Result<void> result) {
        if (result.ok())
            finish(job, done, tries);
        else
            failed(job->key, result.error(), done);
    });
}

void JobRunner::finish(const std::shared_ptr<Job>& job, Done<void> done, int tries)
{
    Transaction transaction{job->key.bucket, {{job->key, job->version}}, {{job->key, std::nullopt}}, {}};
    storage_.submit(std::move(transaction), [this, job, done = std::move(done), tries](Result<Committed> committed) {
        strand_.post([this, job, done, tries, committed = std::move(committed)] {
            if (committed.ok())
                done({});
            else if (committed.error().is(StorageError::Conflict) && tries > 1)
                attempt(job->key, done, tries - 1);
            else
                failed(job->key, asChatError(committed.error()), done);
        });
    });
}

void JobRunner::failed(const RecordKey& key, Error error, const Done<void>& done)
{
    log(LogLevel::Warning, "job_failed", {{"reason", error.name}});
    {
        const std::lock_guard lock(mutex_);
        if (failed_.size() < maxFailed)
            failed_.emplace(key.bucket.value(), key.key);
    }
    done(std::move(error));
}

void JobRunner::retry()
{
    std::set<std::pair<std::uint16_t, Bytes>> again;
    {
        const std::lock_guard lock(mutex_);
        again.swap(failed_);
    }
    for (const auto& [bucket, key] : again)
        run({Bucket{bucket}, Table::Job, key}, [](const Result<void>&) {});
}

void JobRunner::start(Done<void> done)
{
    strand_.post([this, done = std::move(done)]() mutable { sweep(0, {}, std::move(done)); });
}

void JobRunner::sweep(std::uint16_t bucket, Bytes after, Done<void> done)
{
    for (; bucket < bucketCount; ++bucket, after.clear()) {
        Result<std::vector<Record>> rows = storage_.scan(Bucket{bucket}, Table::Job, {}, after, sweepPage);
        if (!rows.ok())
            return done(asChatError(rows.error()));
        if (rows->empty())
            continue;
        // One row at a time: what is left over from a crash is little, and order does not matter.
        Bytes key = rows->front().key;
        RecordKey job{Bucket{bucket}, Table::Job, key};
        return attempt(
            std::move(job),
            [this, bucket, key, done = std::move(done)](const Result<void>&) mutable {
                strand_.post([this, bucket, key, done]() mutable { sweep(bucket, std::move(key), std::move(done)); });
            },
            ruleTries);
    }
    done({});
}

} // namespace kith::server
