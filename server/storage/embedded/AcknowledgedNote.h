#pragma once
/// The file `acknowledged` beside the database: how many changes have been acknowledged. Written after each commit's
/// fsync and not synced itself, so that after a power cut it says too little, never too much: a database that holds
/// less has lost something. Owned by RocksKv and the repair. Thread: one.

#include "core/base/Result.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace kith::server
{

class AcknowledgedNote
{
public:
    /// Stands there while a repair is under way: more than any database holds.
    static constexpr std::uint64_t underRepair = std::numeric_limits<std::uint64_t>::max();

    explicit AcknowledgedNote(std::string directory) : directory_(std::move(directory)) {}
    ~AcknowledgedNote();
    AcknowledgedNote(const AcknowledgedNote&) = delete;
    AcknowledgedNote& operator=(const AcknowledgedNote&) = delete;

    /// Nullopt where there is none, or it does not parse: then nothing is known.
    [[nodiscard]] std::optional<std::uint64_t> read() const;
    /// A note that cannot be written is left out: it would only have made a later check sharper.
    void write(std::uint64_t changes);
    /// write(), and waits until it is on the disk. StorageError::Unopened.
    [[nodiscard]] Result<void> writeDurably(std::uint64_t changes);

private:
    [[nodiscard]] bool put(std::uint64_t changes);

    const std::string directory_;
    int file_ = -1;
};

} // namespace kith::server
