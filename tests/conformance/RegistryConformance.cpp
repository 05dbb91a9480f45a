#include "tests/conformance/RegistryConformance.h"

#include <QTest>

namespace kith::test
{

using namespace server;

namespace
{

GatewayId gateway(char name)
{
    return *GatewayId::fromBytes(Bytes(GatewayId::size, name));
}

UserId user(char name)
{
    return *UserId::fromBytes(Bytes(UserId::size, name));
}

constexpr Millis lease{30'000};

} // namespace

std::vector<GatewayId> RegistryConformance::gatewaysOf(UserId user)
{
    fixture_.pump();
    return fixture_.registry().gatewaysOf(user);
}

void RegistryConformance::usersAreFoundAtTheirGateways()
{
    Registry& registry = fixture_.registry();
    for (const char name : {'b', 'a'}) {
        registry.renew(gateway(name), lease);
        registry.add(user('u'), gateway(name));
    }
    registry.add(user('v'), gateway('a'));
    QVERIFY(gatewaysOf(user('u')) == (std::vector<GatewayId>{gateway('a'), gateway('b')}));
    QVERIFY(gatewaysOf(user('v')) == std::vector<GatewayId>{gateway('a')});
}

void RegistryConformance::addingTwiceIsAddingOnce()
{
    Registry& registry = fixture_.registry();
    registry.renew(gateway('a'), lease);
    registry.add(user('u'), gateway('a'));
    registry.add(user('u'), gateway('a'));
    QCOMPARE(gatewaysOf(user('u')).size(), std::size_t{1});
    registry.remove(user('u'), gateway('a'));
    QVERIFY(gatewaysOf(user('u')).empty());
}

void RegistryConformance::removedUsersAreGone()
{
    Registry& registry = fixture_.registry();
    registry.renew(gateway('a'), lease);
    registry.add(user('u'), gateway('a'));
    registry.add(user('v'), gateway('a'));
    registry.remove(user('u'), gateway('a'));
    registry.remove(user('u'), gateway('a'));
    QVERIFY(gatewaysOf(user('u')).empty());
    QCOMPARE(gatewaysOf(user('v')).size(), std::size_t{1});
}

void RegistryConformance::withoutALeaseNothingIsSeen()
{
    fixture_.registry().add(user('u'), gateway('a'));
    QVERIFY(gatewaysOf(user('u')).empty());
    fixture_.registry().renew(gateway('a'), lease);
    QCOMPARE(gatewaysOf(user('u')).size(), std::size_t{1});
}

void RegistryConformance::leasesEndAndComeBack()
{
    Registry& registry = fixture_.registry();
    registry.renew(gateway('a'), lease);
    registry.add(user('u'), gateway('a'));
    fixture_.clock().advance(lease - Millis{1});
    QCOMPARE(gatewaysOf(user('u')).size(), std::size_t{1});
    fixture_.clock().advance(Millis{1});
    QVERIFY(gatewaysOf(user('u')).empty());
    registry.renew(gateway('a'), lease);
    QCOMPARE(gatewaysOf(user('u')).size(), std::size_t{1});
}

void RegistryConformance::aDroppedGatewayIsForgotten()
{
    Registry& registry = fixture_.registry();
    registry.renew(gateway('a'), lease);
    registry.renew(gateway('b'), lease);
    registry.add(user('u'), gateway('a'));
    registry.add(user('u'), gateway('b'));
    registry.drop(gateway('a'));
    QVERIFY(gatewaysOf(user('u')) == std::vector<GatewayId>{gateway('b')});
    registry.renew(gateway('a'), lease);
    QCOMPARE(gatewaysOf(user('u')).size(), std::size_t{1});
}

void RegistryConformance::unknownOnesAreEmpty()
{
    fixture_.registry().drop(gateway('x'));
    fixture_.registry().remove(user('x'), gateway('x'));
    QVERIFY(gatewaysOf(user('x')).empty());
}

} // namespace kith::test
