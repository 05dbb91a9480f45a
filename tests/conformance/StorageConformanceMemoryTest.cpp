#include "tests/conformance/StorageConformance.h"
#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/MemoryStorage.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using server::StorageError;

namespace
{

class MemoryFixture final : public StorageFixture
{
public:
    void startFresh() override
    {
        storage_.reset();
        disk_ = std::make_unique<MemoryKv>();
        clock_ = std::make_unique<FakeClock>();
        open();
    }
    [[nodiscard]] server::Storage& storage() override { return *storage_; }
    [[nodiscard]] FakeClock& clock() override { return *clock_; }
    void pump() override { executor_.runAll(); }
    void killAndReopen() override
    {
        disk_->crash();
        storage_.reset();
        executor_.runAll();
        disk_->revive();
        open();
    }
    void failNextWrite(StorageError how) override { disk_->failNextSync(Error::make(how, "Injected.")); }
    [[nodiscard]] bool hasStopped() const override { return stopped_; }
    [[nodiscard]] bool isThreaded() const override { return false; }
    [[nodiscard]] Result<void> reopenAsNewer() override
    {
        storage_.reset();
        KITH_TRY(const auto opened, MemoryStorage::open(*disk_, *clock_, random_, executor_));
        return {};
    }

private:
    void open()
    {
        stopped_ = false;
        storage_ = std::move(MemoryStorage::open(*disk_, *clock_, random_, executor_)).value();
        storage_->onStopped = [this](const Error&) { stopped_ = true; };
    }

    std::unique_ptr<MemoryKv> disk_;
    std::unique_ptr<FakeClock> clock_;
    SeededRandom random_;
    ManualExecutor executor_;
    std::unique_ptr<MemoryStorage> storage_;
    bool stopped_ = false;
};

} // namespace

int main(int argc, char** argv)
{
    MemoryFixture fixture;
    StorageConformance suite(fixture);
    return QTest::qExec(&suite, argc, argv);
}
