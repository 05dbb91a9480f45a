#include "server/storage/embedded/RocksOptions.h"

#include "server/storage/engine/Keys.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace kith::server
{

bool isFull(const rocksdb::Status& status)
{
    return status.IsNoSpace() || status.subcode() == rocksdb::Status::kNoSpace;
}

Error openError(const rocksdb::Status& status, const std::string& directory)
{
    const std::string why = status.ToString();
    // RocksDB has no code of its own for a lock that another process (or this one) holds.
    if (status.IsIOError() &&
        (why.find("lock file") != std::string::npos || why.find("lock hold") != std::string::npos))
        return Error::make(StorageError::Locked, "Another server uses the data directory '" + directory +
                                                     "'. Stop it first, or name another directory.");
    if (isFull(status))
        return Error::make(StorageError::Full, "The disk that holds '" + directory +
                                                   "' is full. Make room and start "
                                                   "the server again.");
    if (status.IsCorruption())
        return Error::make(StorageError::Damaged, "The database in '" + directory + "' is damaged: " + why +
                                                      ". Nothing was changed; restore it from a backup.");
    return Error::make(StorageError::Unopened, "The database in '" + directory + "' cannot be opened: " + why + ".");
}

rocksdb::Options rocksOptions(const RocksKv::Options& given)
{
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = given.env ? given.env : rocksdb::Env::Default();
    // One thread flushes and one compacts, beside the writer's. Compaction takes what the disk has left over, so that a
    // commit's fsync never queues behind it (performance.md section B).
    options.max_background_jobs = 2;
    options.rate_limiter.reset(rocksdb::NewGenericRateLimiter(std::int64_t{48} << 20));
    options.bytes_per_sync = 1U << 20U;
    options.write_buffer_size = given.memtableBytes;
    options.max_write_buffer_number = 3;
    options.max_total_wal_size = 4 * given.memtableBytes;
    // Rather many small files for a while than writers that wait for a compaction.
    options.level0_file_num_compaction_trigger = 8;
    options.level0_slowdown_writes_trigger = 48;
    options.level0_stop_writes_trigger = 80;
    options.max_open_files = 512;
    // Sealed bodies do not shrink.
    options.compression = rocksdb::kNoCompression;
    // Capped, not fixed: keys of records may be shorter.
    options.prefix_extractor.reset(rocksdb::NewCappedPrefixTransform(keys::logPrefixSize));
    options.memtable_prefix_bloom_size_ratio = 0.05;
    options.memtable_whole_key_filtering = true;

    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(given.blockCacheBytes);
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_size = 16U << 10U;
    table.format_version = 5;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));

    // After a power cut the tail of the log may be garbage that was never acknowledged: what stands before it counts.
    // That nothing acknowledged is lost with it was found out before (RocksCheck.h). A log is never written over.
    options.recycle_log_file_num = 0;
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    options.paranoid_checks = true;
    options.max_bgerror_resume_count = 0; // A file whose write failed is never tried again.
    options.avoid_flush_during_shutdown = true;
    // RocksDB's own log: failures only, bounded.
    options.info_log_level = rocksdb::WARN_LEVEL;
    options.keep_log_file_num = 4;
    options.max_log_file_size = 1U << 20U;
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    return options;
}

} // namespace kith::server
