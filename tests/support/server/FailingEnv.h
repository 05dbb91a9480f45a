#pragma once
/// A RocksDB environment over the machine's own whose log (*.log, what a commit is fsynced into) can be told to fail:
/// an fsync that returns an error, or a disk without room. Owned by the test. Thread: any.

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>

namespace kith::test
{

class FailingFileSystem final : public rocksdb::FileSystemWrapper
{
public:
    enum class Failure { None, Sync, Full };

    FailingFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    [[nodiscard]] const char* Name() const override { return "FailingFileSystem"; }

    /// One failure; later calls work again, as those of a real disk may.
    void failNext(Failure how) { next_ = how; }
    [[nodiscard]] int failures() const { return failures_; }
    [[nodiscard]] int syncs() const { return syncs_; }

    rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* result,
                                      rocksdb::IODebugContext* debug) override
    {
        const rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, result, debug);
        if (status.ok() && name.ends_with(".log"))
            *result = std::make_unique<File>(std::move(*result), *this);
        return status;
    }

private:
    class File final : public rocksdb::FSWritableFileOwnerWrapper
    {
    public:
        File(std::unique_ptr<rocksdb::FSWritableFile>&& file, FailingFileSystem& owner)
            : FSWritableFileOwnerWrapper(std::move(file)), owner_(owner)
        {
        }
        using FSWritableFileOwnerWrapper::Append;
        rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                                 rocksdb::IODebugContext* debug) override
        {
            if (owner_.takes(Failure::Full))
                return rocksdb::IOStatus::NoSpace("injected");
            return FSWritableFileOwnerWrapper::Append(data, options, debug);
        }
        rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override
        {
            ++owner_.syncs_;
            if (owner_.takes(Failure::Sync))
                return rocksdb::IOStatus::IOError("injected");
            return FSWritableFileOwnerWrapper::Sync(options, debug);
        }

    private:
        FailingFileSystem& owner_;
    };

    bool takes(Failure how)
    {
        Failure expected = how;
        const bool taken = next_.compare_exchange_strong(expected, Failure::None);
        failures_ += taken ? 1 : 0;
        return taken;
    }

    std::atomic<Failure> next_{Failure::None};
    std::atomic<int> failures_{0};
    std::atomic<int> syncs_{0};
};

} // namespace kith::test
