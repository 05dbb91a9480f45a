#pragma once
/// The conformance suite of the registry port. Run by each implementation's test program. Thread: the test's.

#include "server/registry/Registry.h"
#include "tests/support/base/FakeClock.h"

#include <QObject>

namespace kith::test
{

/// What an implementation offers to the suite.
class RegistryFixture
{
public:
    virtual ~RegistryFixture() = default;
    virtual void startFresh() = 0;
    [[nodiscard]] virtual server::Registry& registry() = 0;
    [[nodiscard]] virtual FakeClock& clock() = 0;
    /// Until what was said is seen, where that takes time.
    virtual void pump() = 0;
};

class RegistryConformance : public QObject
{
    Q_OBJECT
public:
    explicit RegistryConformance(RegistryFixture& fixture) : fixture_(fixture) {}

private Q_SLOTS:
    void init() { fixture_.startFresh(); }

    void usersAreFoundAtTheirGateways();
    void addingTwiceIsAddingOnce();
    void removedUsersAreGone();
    void withoutALeaseNothingIsSeen();
    void leasesEndAndComeBack();
    void aDroppedGatewayIsForgotten();
    void unknownOnesAreEmpty();

private:
    [[nodiscard]] std::vector<server::GatewayId> gatewaysOf(UserId user);

    RegistryFixture& fixture_;
};

} // namespace kith::test
