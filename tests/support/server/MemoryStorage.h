#pragma once
/// The memory twin of the storage port: the real engine over MemoryKv, driven by an executor instead of a thread, so
/// that it runs on virtual time and the same posts give the same bytes. A group takes two pieces of work: build and
/// write, then sync and complete; a crash may come between. Owned by the test. Thread: submit from any; the rest on the
/// executor's.

#include "core/base/Executor.h"
#include "server/storage/engine/EngineStorage.h"
#include "tests/support/server/MemoryKv.h"

namespace kith::test
{

class MemoryStorage final : public server::EngineStorage
{
public:
    /// `disk`, `clock`, `random` and `executor` outlive it.
    [[nodiscard]] static Result<std::unique_ptr<MemoryStorage>> open(MemoryKv& disk, const Clock& clock, Random& random,
                                                                     Executor& executor, Limits limits);
    [[nodiscard]] static Result<std::unique_ptr<MemoryStorage>> open(MemoryKv& disk, const Clock& clock, Random& random,
                                                                     Executor& executor)
    {
        return open(disk, clock, random, executor, Limits{});
    }
    /// On a living disk: finishes the group in flight and refuses the rest. On a dead one (MemoryKv::crash first):
    /// nobody hears anything any more.
    ~MemoryStorage() override;

    /// Told the first failed write.
    std::function<void(const Error&)> onStopped;

private:
    MemoryStorage(MemoryKv& disk, const Clock& clock, Random& random, Executor& executor, Limits limits);
    void wake() override;
    void stopped(const Error& error) override;
    void build();
    void complete();
    void post(void (MemoryStorage::*step)());

    MemoryKv& disk_;
    Executor& executor_;
    std::shared_ptr<MemoryStorage*> self_; ///< Null once destroyed: posted work then does nothing.
    bool inFlight_ = false;
    bool wrote_ = false; ///< The group in flight has something to sync.
};

} // namespace kith::test
