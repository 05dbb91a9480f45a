#pragma once
/// A ClientStore on a disk in memory, for tests of everything above the store and for the simulation: opens in
/// milliseconds, and crash() throws it away and opens what a power cut would have left. Owned by the test. Thread: one.

#include "core/store/ClientStore.h"
#include "core/store/ReaderStore.h"
#include "tests/support/store/MemoryDisk.h"

#include <memory>

namespace kith::test
{

class TestStore
{
public:
    TestStore() { open(); }

    [[nodiscard]] ClientStore& operator*() { return *store_; }
    [[nodiscard]] ClientStore* operator->() { return store_.get(); }
    [[nodiscard]] MemoryDisk& disk() { return disk_; }

    [[nodiscard]] static SecretBytes key() { return SecretBytes::copyOf(Bytes(32, '\x5a')); }
    [[nodiscard]] static std::string path() { return "/store.db"; }

    /// Power cut: only what was committed is there afterwards. The old store must not be used any more.
    void crash()
    {
        disk_.crash();
        reopen();
    }
    /// The same, with unsynced writes arriving or not as `dice` falls.
    void crash(Random& dice)
    {
        disk_.crash(dice);
        reopen();
    }
    /// Orderly end and new start.
    void reopen()
    {
        store_.reset();
        open();
    }
    [[nodiscard]] Result<std::unique_ptr<ReaderStore>> reader()
    {
        return ReaderStore::open({path(), disk_.vfs()}, key());
    }

private:
    void open()
    {
        auto opened = ClientStore::open({path(), disk_.vfs()}, key());
        if (!opened.ok())
            qFatal("%s", opened.error().describe().c_str());
        store_ = std::move(opened).value();
    }

    MemoryDisk disk_;
    std::unique_ptr<ClientStore> store_;
};

} // namespace kith::test
