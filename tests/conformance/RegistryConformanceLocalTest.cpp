#include "server/registry/local/LocalRegistry.h"
#include "tests/conformance/RegistryConformance.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

namespace
{

class LocalFixture final : public RegistryFixture
{
public:
    void startFresh() override { registry_ = std::make_unique<server::LocalRegistry>(clock_); }
    [[nodiscard]] server::Registry& registry() override { return *registry_; }
    [[nodiscard]] FakeClock& clock() override { return clock_; }
    void pump() override {}

private:
    FakeClock clock_;
    std::unique_ptr<server::LocalRegistry> registry_;
};

} // namespace

int main(int argc, char** argv)
{
    LocalFixture fixture;
    RegistryConformance suite(fixture);
    return QTest::qExec(&suite, argc, argv);
}
