#pragma once
/// A disk in memory for SQLite that knows what was synced: crash() leaves only that, as a power cut would. It can also
/// run full, fail a sync or a write, and count what is written. Registered as an SQLite VFS of its own name. Owned by
/// the test and must outlive the stores on it, except those that crash() cut off. Thread: any.

#include "core/base/Bytes.h"
#include "core/base/Random.h"

#include <cstddef>
#include <memory>
#include <string>

namespace kith::test
{

class MemoryDisk
{
public:
    MemoryDisk();
    ~MemoryDisk();
    MemoryDisk(const MemoryDisk&) = delete;
    MemoryDisk& operator=(const MemoryDisk&) = delete;

    /// What Options::vfs wants.
    [[nodiscard]] const std::string& vfs() const;

    /// Power cut: every file is what it was at its last sync. Who has files open now writes into the void and deletes
    /// nothing; close those files before new ones are deleted.
    void crash();
    /// The same, but of the unsynced writes each one arrived or not, whole, as `dice` falls: nothing promises their
    /// order either.
    void crash(Random& dice);

    /// After `more` further successful syncs every sync fails; the data it was for may be lost, as with a real disk.
    void failSyncsAfter(std::size_t more);
    /// After `more` further octets of growth every write that grows a file fails: the disk is full.
    void fullAfter(std::size_t more);
    /// After `more` further successful writes every write fails.
    void failWritesAfter(std::size_t more);
    /// No more faults.
    void heal();

    [[nodiscard]] std::size_t writes() const;
    [[nodiscard]] std::size_t syncs() const;
    /// Successful and failed tries to change or sync a file.
    [[nodiscard]] std::size_t touches() const;

    [[nodiscard]] Bytes contents(const std::string& path) const;
    void setContents(const std::string& path, ByteView bytes);
    [[nodiscard]] bool exists(const std::string& path) const;

    struct State;

private:
    std::unique_ptr<State> state_;
};

} // namespace kith::test
