#pragma once
/// Whether a database holds everything that was acknowledged, found out before anything changes it; and the repair of
/// one that does not. docs/decisions/0025-damaged-log-is-refused.md says why RocksDB alone does not notice. Thread: the
/// opening one.

#include "server/storage/embedded/RocksKv.h"

namespace kith::server
{

struct RocksFinding {
    enum class State {
        Sound,
        TornTail, ///< The last write did not reach the disk whole: it was never acknowledged.
        Damaged,  ///< Something acknowledged cannot be read.
    };
    State state = State::Sound;
    std::uint64_t readable = 0;     ///< Changes up to the first damage.
    std::uint64_t acknowledged = 0; ///< As the note says; 0 where it is not known.
    std::uint64_t behind = 0;       ///< Changes that can be read behind the damage, at least.
    bool interrupted = false;       ///< A repair was begun and did not end.
    std::string reason;             ///< RocksDB's own words.

    /// Changes that were acknowledged and are not readable, as far as that can be told.
    [[nodiscard]] std::uint64_t lost() const;
};

/// Reads the whole log once and changes nothing. StorageError::Locked.
[[nodiscard]] Result<RocksFinding> inspectRocks(const RocksKv::Options& options);
/// In words for whoever starts the server. Precondition: Damaged.
[[nodiscard]] Error damageError(const RocksFinding& finding, const std::string& directory);

/// Copies what a repair may change to `aside`, which must not exist; files that are never written again are linked.
[[nodiscard]] Result<void> copyAside(const std::string& directory, const std::string& aside);
/// Makes the database one that opens again, with what can be read. The store counts as damaged until
/// RocksKv::acceptLoss(). Call copyAside() before.
[[nodiscard]] Result<void> salvageRocks(const RocksKv::Options& options);

} // namespace kith::server
