#pragma once
/// The embedded storage in a directory of its own, whose disk fails when told to. Owned by a test program. Thread: the
/// test's.

#include "server/storage/embedded/EmbeddedStorage.h"
#include "tests/conformance/StorageFixture.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/FailingEnv.h"

#include <QTemporaryDir>

namespace kith::test
{

class EmbeddedFixture final : public StorageFixture
{
public:
    void startFresh() override
    {
        storage_.reset();
        directory_ = std::make_unique<QTemporaryDir>();
        clock_ = std::make_unique<FakeClock>();
        files_ = std::make_shared<FailingFileSystem>();
        env_ = rocksdb::NewCompositeEnv(files_);
        killAndReopen();
    }
    [[nodiscard]] server::Storage& storage() override { return *storage_; }
    [[nodiscard]] FakeClock& clock() override { return *clock_; }
    void pump() override {}
    /// Closing flushes nothing (RocksKv.h): for the files it is what a kill is.
    void killAndReopen() override
    {
        storage_.reset();
        stopped_ = false;
        auto opened = server::EmbeddedStorage::open(options(), *clock_, random_);
        if (!opened.ok())
            qFatal("%s", opened.error().describe().c_str());
        storage_ = std::move(*opened);
    }
    void failNextWrite(server::StorageError how) override
    {
        files_->failNext(how == server::StorageError::Full ? FailingFileSystem::Failure::Full
                                                           : FailingFileSystem::Failure::Sync);
    }
    [[nodiscard]] bool hasStopped() const override { return stopped_; }
    [[nodiscard]] bool isThreaded() const override { return true; }
    [[nodiscard]] Result<void> reopenAsNewer() override
    {
        storage_.reset();
        KITH_TRY(const auto opened, server::EmbeddedStorage::open(options(), *clock_, random_));
        return {};
    }

    [[nodiscard]] server::EmbeddedStorage::Options options()
    {
        server::EmbeddedStorage::Options options;
        options.rocks.directory = directory_->filePath(QStringLiteral("store")).toStdString();
        options.rocks.env = env_.get();
        options.onStopped = [this](const Error&) { stopped_ = true; };
        return options;
    }
    [[nodiscard]] FailingFileSystem& files() { return *files_; }
    [[nodiscard]] SeededRandom& random() { return random_; }

private:
    std::unique_ptr<QTemporaryDir> directory_;
    std::unique_ptr<FakeClock> clock_;
    SeededRandom random_;
    std::shared_ptr<FailingFileSystem> files_;
    std::unique_ptr<rocksdb::Env> env_;
    std::atomic<bool> stopped_{false};
    std::unique_ptr<server::EmbeddedStorage> storage_;
};

} // namespace kith::test
