#include "tests/support/server/MemoryStorage.h"

namespace kith::test
{

using server::StorageError;

MemoryStorage::MemoryStorage(MemoryKv& disk, const Clock& clock, Random& random, Executor& executor, Limits limits)
    : EngineStorage(disk, clock, random, limits), disk_(disk), executor_(executor),
      self_(std::make_shared<MemoryStorage*>(this))
{
}

Result<std::unique_ptr<MemoryStorage>> MemoryStorage::open(MemoryKv& disk, const Clock& clock, Random& random,
                                                           Executor& executor, Limits limits)
{
    std::unique_ptr<MemoryStorage> storage(new MemoryStorage(disk, clock, random, executor, limits));
    KITH_CHECK(storage->EngineStorage::open());
    return storage;
}

MemoryStorage::~MemoryStorage()
{
    *self_ = nullptr;
    if (disk_.isDead())
        return;
    if (inFlight_)
        complete();
    refuseAll(Error::make(StorageError::Stopped, "The store was closed."));
}

void MemoryStorage::wake()
{
    post(&MemoryStorage::build);
}

void MemoryStorage::stopped(const Error& error)
{
    if (onStopped)
        onStopped(error);
}

void MemoryStorage::build()
{
    if (inFlight_)
        return; // complete() looks for more.
    server::KvBatch batch = beginGroup();
    inFlight_ = true;
    wrote_ = !batch.empty();
    if (wrote_)
        disk_.stage(std::move(batch));
    post(&MemoryStorage::complete);
}

void MemoryStorage::complete()
{
    const Result<void> written = wrote_ ? disk_.sync() : Result<void>{};
    if (disk_.isDead())
        return; // A dead process completes nothing.
    inFlight_ = false;
    finishGroup(written);
    if (*self_ && waiting())
        build();
}

void MemoryStorage::post(void (MemoryStorage::*step)())
{
    executor_.post([self = self_, step] {
        if (*self && !(*self)->disk_.isDead())
            ((*self)->*step)();
    });
}

} // namespace kith::test
