#include "server/storage/embedded/EmbeddedStorage.h"

#include "core/base/Log.h"

namespace kith::server
{

EmbeddedStorage::EmbeddedStorage(std::unique_ptr<RocksKv> kv, Options options, const Clock& clock, Random& random)
    : EngineStorage(*kv, clock, random, options.limits), rocks_(std::move(kv)), onStopped_(std::move(options.onStopped))
{
}

Result<std::unique_ptr<EmbeddedStorage>> EmbeddedStorage::open(Options options, const Clock& clock, Random& random)
{
    KITH_TRY(auto kv, RocksKv::open(options.rocks));
    std::unique_ptr<EmbeddedStorage> storage(new EmbeddedStorage(std::move(kv), std::move(options), clock, random));
    KITH_CHECK(storage->EngineStorage::open());
    storage->writer_ = std::thread([self = storage.get()] { self->run(); });
    return storage;
}

EmbeddedStorage::~EmbeddedStorage()
{
    {
        const std::scoped_lock lock(wakeMutex_);
        closing_ = true;
    }
    wakeUp_.notify_one();
    if (writer_.joinable())
        writer_.join();
}

void EmbeddedStorage::wake()
{
    {
        const std::scoped_lock lock(wakeMutex_);
        woken_ = true;
    }
    wakeUp_.notify_one();
}

void EmbeddedStorage::stopped(const Error& error)
{
    log(LogLevel::Error, "storage_stopped", {{"reason", std::string_view(error.detail)}});
    if (onStopped_)
        onStopped_(error);
}

void EmbeddedStorage::run()
{
    std::unique_lock lock(wakeMutex_);
    while (!closing_) {
        if (!std::exchange(woken_, false)) {
            wakeUp_.wait(lock);
            continue;
        }
        // While the disk works on one group, the next one gathers in the queue.
        for (lock.unlock(); waiting() && !isClosing();) {
            const KvBatch batch = beginGroup();
            finishGroup(batch.empty() ? Result<void>{} : kv_.write(batch));
        }
        lock.lock();
    }
    lock.unlock();
    refuseAll(Error::make(StorageError::Stopped, "The server is stopping."));
}

} // namespace kith::server
