#include "core/e2ee/PreKeys.h"

#include "core/e2ee/StateChange.h"
#include "tests/support/e2ee/TestDevice.h"

#include <QTest>

#include <set>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr WallTime start{Millis{1'767'225'600'000}};

struct World {
    SeededRandom random{6};
    TestAccount account{random};
    OwnDevice own = OwnDevice::generate(account.user, account.identity.publicKey, start, random);
    MemoryPreKeyStore store;
    WallTime now = start;

    PreKeyPlan plan(std::size_t onServer)
    {
        PreKeyInventory inventory = std::move(*store.inventory());
        inventory.oneTimeOnServer = onServer;
        return planPreKeys(inventory, own, now, random);
    }
};

} // namespace

class PreKeysTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFirstPlanMakesEverything()
    {
        World world;
        const PreKeyPlan plan = world.plan(0);
        QVERIFY(plan.newSigned && plan.publishSigned);
        QCOMPARE(plan.newOneTime.size(), oneTimePreKeyTarget);
        QCOMPARE(plan.publishOneTime.size(), oneTimePreKeyTarget);
        std::set<PreKeyId> ids;
        for (const PreKeyPair& pair : plan.newOneTime)
            ids.insert(pair.id);
        QCOMPARE(ids.size(), oneTimePreKeyTarget);
        QCOMPARE(*ids.begin(), PreKeyId(std::uint32_t{1})); // 0 means none
        PreKeyBundle bundle{world.own.identity, *plan.publishSigned, plan.publishOneTime.front(), 0};
        QVERIFY(verifyBundle(bundle).ok());
        QVERIFY(applyPlan(plan, world.store).ok());
        QVERIFY(world.plan(oneTimePreKeyTarget).nothingToDo());
    }

    void refillsOnlyWhenFew()
    {
        World world;
        QVERIFY(applyPlan(world.plan(0), world.store).ok());
        QVERIFY(world.plan(oneTimePreKeyRefillBelow).newOneTime.empty());
        const PreKeyPlan refill = world.plan(oneTimePreKeyRefillBelow - 1);
        QCOMPARE(refill.newOneTime.size(), oneTimePreKeyTarget - oneTimePreKeyRefillBelow + 1);
        QVERIFY(refill.newOneTime.front().id.value() > oneTimePreKeyTarget); // ids are never used twice
    }

    void rotatesWeeklyAndKeepsTheOldThirtyDays()
    {
        World world;
        QVERIFY(applyPlan(world.plan(0), world.store).ok());
        const PreKeyId first = world.store.inventory()->highestSigned;
        world.now += signedPreKeyRotation - std::chrono::hours(1);
        QVERIFY(!world.plan(100).newSigned);
        world.now += std::chrono::hours(1);
        const WallTime rotated = world.now;
        const PreKeyPlan rotation = world.plan(100);
        QVERIFY(rotation.newSigned && rotation.dropSigned.empty());
        QVERIFY(applyPlan(rotation, world.store).ok());
        for (world.now = rotated; world.now < rotated + signedPreKeyKept; world.now += std::chrono::hours(24)) {
            QVERIFY(applyPlan(world.plan(100), world.store).ok());
            QVERIFY(world.store.signedPreKey(first)->has_value());
        }
        QVERIFY(applyPlan(world.plan(100), world.store).ok());
        QVERIFY(!world.store.signedPreKey(first)->has_value());
        QVERIFY(world.store.inventory()->signedPreKeys.size() <= 6);
    }

    void forgedBundlesAreRefused()
    {
        World world;
        const PreKeyPlan plan = world.plan(0);
        const PreKeyBundle bundle{world.own.identity, *plan.publishSigned, std::nullopt, 0};
        PreKeyBundle changed = bundle;
        changed.signedPreKey.key = plan.publishOneTime[0].key;
        QVERIFY(!verifyBundle(changed));
        changed = bundle;
        changed.signedPreKey.id = PreKeyId(std::uint32_t{7});
        QVERIFY(!verifyBundle(changed));
        changed = bundle;
        changed.device.signingKey = world.account.identity.publicKey;
        QVERIFY(!verifyBundle(changed));
    }
};

QTEST_APPLESS_MAIN(PreKeysTest)
#include "PreKeysTest.moc"
