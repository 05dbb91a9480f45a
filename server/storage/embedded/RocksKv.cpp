#include "server/storage/embedded/RocksKv.h"

#include "server/storage/engine/Keys.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <filesystem>

namespace kith::server
{
namespace
{

rocksdb::Slice slice(ByteView bytes)
{
    return {bytes.data(), bytes.size()};
}

ByteView view(const rocksdb::Slice& slice)
{
    return {slice.data(), slice.size()};
}

bool isFull(const rocksdb::Status& status)
{
    return status.IsNoSpace() || status.subcode() == rocksdb::Status::kNoSpace;
}

Error readError(const rocksdb::Status& status)
{
    return Error::make(StorageError::Damaged, "The database cannot be read: " + status.ToString() +
                                                  ". Check the disk and restore the data directory from a backup.");
}

Error writeError(const rocksdb::Status& status)
{
    if (isFull(status))
        return Error::make(StorageError::Full, "The disk is full. What was acknowledged is kept; make room and start "
                                               "the server again.");
    return Error::make(StorageError::Stopped, "The database cannot be written: " + status.ToString() +
                                                  ". What was acknowledged is kept; check the disk and start the "
                                                  "server again.");
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

class RocksIterator final : public KvIterator
{
public:
    RocksIterator(rocksdb::DB& db, ByteView prefix) : prefix_(prefix), end_(keys::after(prefix))
    {
        lowerBound_ = prefix_;
        upperBound_ = end_;
        rocksdb::ReadOptions options;
        options.iterate_lower_bound = &lowerBound_;
        if (!end_.empty())
            options.iterate_upper_bound = &upperBound_;
        // Below one log the prefix filters tell which files to leave alone; wider ranges cross them.
        if (prefix.size() >= keys::logPrefixSize)
            options.prefix_same_as_start = true;
        else
            options.total_order_seek = true;
        it_.reset(db.NewIterator(options));
    }

    void seek(ByteView key) override { it_->Seek(slice(key)); }
    void seekForPrev(ByteView key) override { it_->SeekForPrev(slice(key)); }
    void next() override { it_->Next(); }
    [[nodiscard]] bool valid() const override { return it_->Valid(); }
    [[nodiscard]] ByteView key() const override { return view(it_->key()); }
    [[nodiscard]] ByteView value() const override { return view(it_->value()); }
    [[nodiscard]] Result<void> status() const override
    {
        return it_->status().ok() ? Result<void>{} : Result<void>(readError(it_->status()));
    }

private:
    Bytes prefix_; // The bounds are views that RocksDB keeps.
    Bytes end_;
    rocksdb::Slice lowerBound_;
    rocksdb::Slice upperBound_;
    std::unique_ptr<rocksdb::Iterator> it_;
};

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

} // namespace

RocksKv::RocksKv(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) {}

RocksKv::~RocksKv() = default;

Result<std::unique_ptr<RocksKv>> RocksKv::open(const Options& options)
{
    namespace fs = std::filesystem;
    std::error_code failed;
    if (fs::create_directories(options.directory, failed))
        fs::permissions(options.directory, fs::perms::owner_all, failed);
    if (failed)
        return Error::make(StorageError::Unopened,
                           "The directory '" + options.directory + "' cannot be made: " + failed.message() + ".");
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(rocksOptions(options), options.directory, &db);
    if (!status.ok())
        return openError(status, options.directory);
    return std::unique_ptr<RocksKv>(new RocksKv(std::unique_ptr<rocksdb::DB>(db)));
}

Result<std::optional<Bytes>> RocksKv::get(ByteView key) const
{
    std::string value;
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), slice(key), &value);
    if (status.IsNotFound())
        return std::optional<Bytes>{};
    if (!status.ok())
        return readError(status);
    return std::optional<Bytes>(std::move(value));
}

std::unique_ptr<KvIterator> RocksKv::iterate(ByteView prefix) const
{
    return std::make_unique<RocksIterator>(*db_, prefix);
}

Result<void> RocksKv::write(const KvBatch& batch)
{
    std::size_t bytes = 0;
    for (const auto* part : {&batch.before, &batch.main}) {
        for (const KvOp& op : *part)
            bytes += op.key.size() + (op.value ? op.value->size() : 0) + 16;
    }
    rocksdb::WriteBatch out(bytes);
    rocksdb::Status status;
    for (const auto* part : {&batch.before, &batch.main}) {
        for (const KvOp& op : *part) {
            status = op.value ? out.Put(slice(op.key), slice(*op.value)) : out.Delete(slice(op.key));
            if (!status.ok())
                return writeError(status);
        }
    }
    rocksdb::WriteOptions options;
    options.sync = true; // RocksDB shows a batch to readers only after the fsync of its log.
    status = db_->Write(options, &out);
    if (!status.ok())
        return writeError(status);
    return {};
}

} // namespace kith::server
