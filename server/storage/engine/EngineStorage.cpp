#include "server/storage/engine/EngineStorage.h"

#include <algorithm>
#include <iterator>

namespace kith::server
{
namespace
{

/// What a waiting transaction holds in memory, about.
std::size_t weight(const Transaction& transaction)
{
    std::size_t bytes = 256;
    for (const Write& write : transaction.writes)
        bytes += write.key.key.size() + (write.value ? write.value->size() : 0);
    for (const Expect& expect : transaction.expects)
        bytes += expect.key.key.size();
    for (const Append& append : transaction.appends) {
        bytes += append.activity.size() * sizeof(ActivityMark) + append.drops.size() * sizeof(Seq);
        for (const NewEntry& entry : append.entries) {
            bytes += sizeof(NewEntry) + entry.body.size();
            for (const Envelope& envelope : entry.envelopes)
                bytes += sizeof(Envelope) + envelope.sealed.size();
        }
    }
    return bytes;
}

} // namespace

EngineStorage::EngineStorage(Kv& kv, const Clock& clock, Random& random, Limits limits)
    : kv_(kv), limits_(limits), engine_(kv, clock, random, limits.cacheBytes)
{
}

Result<void> EngineStorage::open()
{
    const std::scoped_lock writer(writer_);
    KITH_CHECK(engine_.open());
    KITH_CHECK(kv_.write(engine_.take().batch));
    engine_.settled();
    return {};
}

void EngineStorage::submit(Transaction transaction, CommitDone done)
{
    const std::size_t bytes = weight(transaction);
    enqueue({[transaction = std::move(transaction), done](LogEngine& engine, const Error* refused) mutable {
                 if (refused)
                     done(*refused);
                 else
                     engine.apply(std::move(transaction), std::move(done));
             },
             [done](const Error& busy) { done(busy); }, bytes});
}

void EngineStorage::submitMark(MarkUpdate update, MarkDone applied, std::function<void(Result<void>)> durable)
{
    const auto refuse = [applied, durable](const Error& why) {
        applied(why);
        durable(why);
    };
    const std::size_t bytes = sizeof(Item) + sizeof(MarkUpdate) + update.activity.size() * sizeof(ActivityMark);
    enqueue({[update = std::move(update), applied, durable, refuse](LogEngine& engine, const Error* refused) {
                 if (refused)
                     refuse(*refused);
                 else
                     engine.apply(update, applied, durable);
             },
             refuse, bytes});
}

void EngineStorage::flush(std::function<void(Result<void>)> done)
{
    enqueue({[done](LogEngine& engine, const Error* refused) {
                 if (refused)
                     done(*refused);
                 else
                     engine.applyFlush(done);
             },
             [done](const Error& busy) { done(busy); }, sizeof(Item)});
}

void EngineStorage::trim(WallTime before, std::size_t maxLogs, std::function<void(Result<std::size_t>)> done)
{
    enqueue({[=](LogEngine& engine, const Error* refused) {
                 if (refused)
                     done(*refused);
                 else
                     engine.applyTrim(before, maxLogs, done);
             },
             [done](const Error& busy) { done(busy); }, sizeof(Item)});
}

Result<void> EngineStorage::startNewGeneration(const std::function<Bytes(Generation, Seq)>& cutBody)
{
    const std::scoped_lock writer(writer_);
    renewed_ = {};
    for (bool more = true; more;) {
        KITH_TRY(more, engine_.renewGenerations(cutBody, renewed_));
        if (Result<void> written = kv_.write(engine_.take().batch); !written.ok()) {
            stopWriting(written.error());
            return written;
        }
        engine_.settled();
    }
    return {};
}

void EngineStorage::enqueue(Item item)
{
    bool wakes = false;
    {
        const std::scoped_lock lock(mutex_);
        if (queue_.size() >= limits_.queueItems || queuedBytes_ + item.bytes > limits_.queueBytes) {
            // The answer still comes from the writer's thread; what was asked is let go.
            item.run = [refuse = std::move(item.refuse)](LogEngine&, const Error* refused) {
                refuse(refused ? *refused
                               : Error::make(StorageError::Busy, "The server is writing more than its disk takes."));
            };
            item.bytes = 0;
        }
        item.refuse = nullptr;
        queuedBytes_ += item.bytes;
        queue_.push_back(std::move(item));
        wakes = !std::exchange(woken_, true);
    }
    if (wakes)
        wake();
}

bool EngineStorage::waiting() const
{
    const std::scoped_lock lock(mutex_);
    return !queue_.empty();
}

KvBatch EngineStorage::beginGroup()
{
    std::vector<Item> items;
    std::optional<Error> refusal;
    {
        const std::scoped_lock lock(mutex_);
        std::size_t bytes = 0;
        while (!queue_.empty() && items.size() < limits_.groupItems &&
               (items.empty() || bytes + queue_.front().bytes <= limits_.groupBytes)) {
            bytes += queue_.front().bytes;
            items.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        queuedBytes_ -= bytes;
        woken_ = !queue_.empty();
        refusal = refusal_;
    }
    const std::scoped_lock writer(writer_);
    for (Item& item : items)
        item.run(engine_, refusal ? &*refusal : nullptr);
    LogEngine::Group group = engine_.take();
    completions_ = std::move(group.completions);
    return std::move(group.batch);
}

void EngineStorage::finishGroup(const Result<void>& written)
{
    std::vector<LogEngine::Completion> completions;
    {
        const std::scoped_lock writer(writer_);
        completions = std::move(completions_);
        if (written.ok())
            engine_.settled();
        else
            std::ranges::move(engine_.abandon(), std::back_inserter(completions));
    }
    if (!written.ok())
        stopWriting(written.error());
    for (const LogEngine::Completion& done : completions)
        done(written);
    if (!written.ok())
        stopped(written.error());
}

void EngineStorage::stopWriting(const Error& failure)
{
    const std::scoped_lock lock(mutex_);
    refusal_ = Error::make(StorageError::Stopped, "The server stopped writing after a failure: " + failure.detail);
}

void EngineStorage::refuseAll(const Error& why)
{
    {
        const std::scoped_lock lock(mutex_);
        if (!refusal_)
            refusal_ = why;
    }
    while (waiting()) {
        const KvBatch nothing = beginGroup(); // Every item refused itself.
        finishGroup({});
    }
    const std::scoped_lock writer(writer_);
    for (const LogEngine::Completion& done : engine_.abandon())
        done(why);
}

Result<std::optional<Record>> EngineStorage::get(const RecordKey& key) const
{
    return engine_.reader().get(key);
}

Result<std::vector<Record>> EngineStorage::scan(Bucket bucket, Table table, ByteView prefix, ByteView after,
                                                std::size_t limit) const
{
    return engine_.reader().scan(bucket, table, prefix, after, limit);
}

Result<LogHead> EngineStorage::head(LogId log) const
{
    return engine_.reader().head(log);
}

Result<Page> EngineStorage::read(LogId log, Seq after, std::size_t maxEntries, std::size_t maxBytes) const
{
    return engine_.reader().read(log, after, maxEntries, maxBytes);
}

Result<LogMarks> EngineStorage::marks(LogId log) const
{
    return engine_.marks().marks(log);
}

Result<Seq> EngineStorage::cursor(LogId log, UserId user, DeviceId device) const
{
    return engine_.marks().cursor(log, user, device);
}

Result<SendNo> EngineStorage::nextSendNo(LogId log, DeviceId device) const
{
    return engine_.reader().nextSendNo(log, device);
}

Result<std::vector<LogId>> EngineStorage::activity(UserId user, std::uint64_t hour, LogId after,
                                                   std::size_t limit) const
{
    return engine_.reader().activity(user, hour, after, limit);
}

} // namespace kith::server
