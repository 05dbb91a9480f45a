#pragma once
/// What a storage implementation offers to its conformance suite: a store that can be opened, killed and opened again.
/// Owned by the test program. Thread: the test's.

#include "server/storage/Storage.h"
#include "tests/support/base/FakeClock.h"

namespace kith::test
{

class StorageFixture
{
public:
    virtual ~StorageFixture() = default;

    /// Throws away what there was and opens an empty store.
    virtual void startFresh() = 0;
    [[nodiscard]] virtual server::Storage& storage() = 0;
    [[nodiscard]] virtual FakeClock& clock() = 0;
    /// Lets the storage work until nothing is left to do, where it has no thread of its own.
    virtual void pump() = 0;
    /// The process dies, without any orderly end, and starts again.
    virtual void killAndReopen() = 0;
    /// The next write to the disk fails: with Full for a full disk, with Stopped for an fsync that failed.
    virtual void failNextWrite(server::StorageError how) = 0;
    /// True once the storage has said that it stopped.
    [[nodiscard]] virtual bool hasStopped() const = 0;
    /// Several threads may submit.
    [[nodiscard]] virtual bool isThreaded() const = 0;
    /// Raises the format number in the store and says how opening it again ends.
    [[nodiscard]] virtual Result<void> reopenAsNewer() = 0;
};

} // namespace kith::test
