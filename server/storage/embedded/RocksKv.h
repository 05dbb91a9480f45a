#pragma once
/// The key-value port on RocksDB: one database in one directory of one process. Owned by EmbeddedStorage. Thread: as
/// Kv.h says.

#include "server/storage/embedded/AcknowledgedNote.h"
#include "server/storage/engine/Kv.h"

namespace rocksdb
{
class DB;
class Env;
} // namespace rocksdb

namespace kith::server
{

class RocksKv final : public Kv
{
public:
    struct Options {
        std::string directory; ///< Made, for its owner alone, where it is missing.
        /// Octets: blocks, indexes and filters in memory, which is also what all of RocksDB's reading costs.
        std::size_t blockCacheBytes = std::size_t{64} << 20;
        std::size_t memtableBytes = std::size_t{32} << 20; ///< Octets of each of at most three.
        rocksdb::Env* env = nullptr; ///< Null: the machine's. Outlives the store; tests bring failing ones.
        /// salvageRocks() has run: what was lost is known, and the store counts as damaged until acceptLoss().
        bool salvaged = false;
    };

    /// StorageError::Locked, Full, Damaged or Unopened, each in words for the person who started the server. Damaged
    /// where anything acknowledged is missing, too: nothing was changed then.
    [[nodiscard]] static Result<std::unique_ptr<RocksKv>> open(const Options& options);
    /// Writes nothing: what was committed is in the log already.
    ~RocksKv() override;

    [[nodiscard]] Result<std::optional<Bytes>> get(ByteView key) const override;
    [[nodiscard]] std::unique_ptr<KvIterator> iterate(ByteView prefix) const override;
    [[nodiscard]] Result<void> write(const KvBatch& batch) override;

    /// What is here now is what was acknowledged: ends a repair.
    [[nodiscard]] Result<void> acceptLoss();

private:
    RocksKv(std::unique_ptr<rocksdb::DB> db, const Options& options);
    std::unique_ptr<rocksdb::DB> db_;
    AcknowledgedNote note_;
    bool salvaging_;
};

} // namespace kith::server
