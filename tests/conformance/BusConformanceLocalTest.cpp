#include "server/bus/local/LocalBus.h"
#include "tests/conformance/BusConformance.h"
#include "tests/support/base/ManualExecutor.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

namespace
{

class LocalFixture final : public BusFixture
{
public:
    void startFresh() override
    {
        executor_.runAll();
        bus_ = std::make_unique<LocalBus>(*NodeId::fromBytes(Bytes(16, 'n')), 128);
    }
    [[nodiscard]] Bus& bus() override { return *bus_; }
    void pump() override { executor_.runAll(); }
    [[nodiscard]] Executor& executor() override { return executor_; }
    /// Fills the gateway's queue.
    void loseNext(GatewayId gateway) override
    {
        for (int i = 0; i < 128; ++i)
            bus_->publish(gateway, std::make_shared<const BusEvent>(BusEvent{{}, Hint{}}));
    }

private:
    ManualExecutor executor_;
    std::unique_ptr<LocalBus> bus_;
};

} // namespace

int main(int argc, char** argv)
{
    LocalFixture fixture;
    BusConformance suite(fixture);
    return QTest::qExec(&suite, argc, argv);
}
