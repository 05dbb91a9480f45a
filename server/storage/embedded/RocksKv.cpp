#include "server/storage/embedded/RocksKv.h"

#include "core/base/Log.h"
#include "server/storage/embedded/RocksCheck.h"
#include "server/storage/embedded/RocksOptions.h"
#include "server/storage/engine/Keys.h"

#include <rocksdb/db.h>
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

} // namespace

RocksKv::RocksKv(std::unique_ptr<rocksdb::DB> db, const Options& options)
    : db_(std::move(db)), note_(options.directory), salvaging_(options.salvaged)
{
    if (!salvaging_)
        note_.write(db_->GetLatestSequenceNumber());
}

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
    if (!options.salvaged) {
        KITH_TRY(const RocksFinding finding, inspectRocks(options));
        if (finding.state == RocksFinding::State::Damaged)
            return damageError(finding, options.directory);
        if (finding.state == RocksFinding::State::TornTail)
            log(LogLevel::Info, "unfinished_write_dropped", {{"reason", std::string_view(finding.reason)}});
    }
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = rocksdb::DB::Open(rocksOptions(options), options.directory, &db);
    if (!status.ok())
        return openError(status, options.directory);
    return std::unique_ptr<RocksKv>(new RocksKv(std::unique_ptr<rocksdb::DB>(db), options));
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
    if (!salvaging_)
        note_.write(db_->GetLatestSequenceNumber());
    return {};
}

Result<void> RocksKv::acceptLoss()
{
    KITH_CHECK(note_.writeDurably(db_->GetLatestSequenceNumber()));
    salvaging_ = false;
    return {};
}

} // namespace kith::server
