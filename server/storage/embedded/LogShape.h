#pragma once
/// The shape of one file of RocksDB's log: blocks of 32 KiB, records in fragments, batches numbered without gaps. Looks
/// for what RocksDB passes over in silence; checksums are RocksDB's. Owned by RocksCheck. Thread: pure, any.

#include <cstdint>
#include <optional>
#include <string>

namespace kith::server
{

struct LogHole {
    std::uint64_t offset = 0; ///< What stands before it is whole.
    std::string words;
};

/// Nullopt for a file without holes, and for one whose end is merely torn.
[[nodiscard]] std::optional<LogHole> holeInLog(const std::string& path);

} // namespace kith::server
