#include "tests/conformance/BusConformance.h"
#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/LossyBus.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

namespace
{

class LossyFixture final : public BusFixture
{
public:
    void startFresh() override
    {
        executor_.runAll();
        bus_ = std::make_unique<LossyBus>(random_);
        bus_->faults.delay = 50;
    }
    [[nodiscard]] Bus& bus() override { return *bus_; }
    void pump() override { executor_.runAll(); }
    [[nodiscard]] Executor& executor() override { return executor_; }
    void loseNext(GatewayId gateway) override { bus_->loseNext(gateway); }

private:
    SeededRandom random_;
    ManualExecutor executor_;
    std::unique_ptr<LossyBus> bus_;
};

} // namespace

int main(int argc, char** argv)
{
    LossyFixture fixture;
    BusConformance suite(fixture);
    return QTest::qExec(&suite, argc, argv);
}
