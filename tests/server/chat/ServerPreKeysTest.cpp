#include "tests/support/server/ChatWorld.h"

#include <QTest>

#include <set>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Pre-keys: published within bounds, each handed out once.
class ServerPreKeysTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aClaimHandsOutOneKeyOfEachDevice();
    void eachKeyIsHandedOutOnceUnderConcurrency();
    void withoutOneTimeKeysTheSignedOneRemains();
    void devicesAreToldWhenKeysRunLow();
    void uploadsAreCheckedAndBounded();
    void aUsedOrRepeatedKeyDoesNotComeBack();
    void onlyAcquaintancesClaim();
    void ownDevicesAreClaimedButNotTheCallers();
    void claimsAreLimited();

private:
    Result<ClaimedKeys> claim(ChatWorld& world, const TestPerson& who, const TestPerson& of,
                              std::vector<DeviceId> devices = {});
    Result<std::uint32_t> publish(ChatWorld& world, const TestPerson& who, PreKeyUpload keys);
};

Result<ClaimedKeys> ServerPreKeysTest::claim(ChatWorld& world, const TestPerson& who, const TestPerson& of,
                                             std::vector<DeviceId> devices)
{
    return world.wait<ClaimedKeys>([&](Done<ClaimedKeys> done) {
        world.chat().preKeys.claim(world.caller(who), of.user, std::move(devices), std::move(done));
    });
}

Result<std::uint32_t> ServerPreKeysTest::publish(ChatWorld& world, const TestPerson& who, PreKeyUpload keys)
{
    return world.wait<std::uint32_t>([&](Done<std::uint32_t> done) {
        world.chat().preKeys.publish(world.caller(who), std::move(keys), std::move(done));
    });
}

void ServerPreKeysTest::aClaimHandsOutOneKeyOfEachDevice()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    QVERIFY(world.link(ana).ok());
    (void)world.conversation(bob, ana, false);
    const auto keys = claim(world, bob, ana);
    QVERIFY(keys.ok());
    QCOMPARE(keys->bundles.size(), std::size_t{2});
    QVERIFY(keys->manifest == static_cast<const SignedManifest&>(ana.manifest));
    for (const PreKeyBundle& bundle : keys->bundles) {
        QVERIFY(bundle.oneTimePreKey.has_value());
        QCOMPARE(bundle.oneTimePreKey->publicKey.size(), std::size_t{32});
        QCOMPARE(bundle.signedPreKey.signature.size(), std::size_t{64});
    }
    QCOMPARE(claim(world, bob, ana, {ana.devices[1].id})->bundles.size(), std::size_t{1});
    QCOMPARE(claim(world, bob, ana, {world.random.id<DeviceId>()})->bundles.size(), std::size_t{0});
}

void ServerPreKeysTest::eachKeyIsHandedOutOnceUnderConcurrency()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(bob, ana, false);
    std::multiset<std::uint32_t> handed;
    int answered = 0;
    int without = 0;
    // All read before any commits, so that they want the same keys.
    for (int i = 0; i < 14; ++i) {
        world.chat().preKeys.claim(world.caller(bob), ana.user, {}, [&](const Result<ClaimedKeys>& keys) {
            ++answered;
            if (!keys.ok())
                return;
            const auto& key = keys->bundles[0].oneTimePreKey;
            if (key)
                handed.insert(key->id);
            else
                ++without;
        });
    }
    world.run();
    QCOMPARE(answered, 14);
    for (const std::uint32_t id : handed)
        QCOMPARE(handed.count(id), std::size_t{1});
    QVERIFY(handed.size() >= 8);
    QVERIFY(without <= 4);
}

void ServerPreKeysTest::withoutOneTimeKeysTheSignedOneRemains()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(bob, ana, false);
    std::set<std::uint32_t> ids;
    for (int i = 0; i < 10; ++i)
        ids.insert(claim(world, bob, ana)->bundles[0].oneTimePreKey->id);
    QCOMPARE(ids.size(), std::size_t{10});
    const auto last = claim(world, bob, ana);
    QVERIFY(last.ok() && !last->bundles[0].oneTimePreKey && !last->bundles[0].signedPreKey.publicKey.empty());
}

void ServerPreKeysTest::devicesAreToldWhenKeysRunLow()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(bob, ana, false);
    world.connect(ana);
    QCOMPARE(*publish(world, ana, ana.devices[0].keys(world.random, 11)), 21U);
    QVERIFY(claim(world, bob, ana).ok());
    QVERIFY2(world.told<KeysRunLow>().empty(), "20 are left: not below 20");
    QVERIFY(claim(world, bob, ana).ok());
    const auto low = world.told<KeysRunLow>();
    QCOMPARE(low.size(), std::size_t{1});
    QCOMPARE(low[0].event.oneTimePreKeys, 19U);
    QVERIFY(low[0].event.device == ana.devices[0].id && low[0].users == std::vector<UserId>{ana.user});
}

void ServerPreKeysTest::uploadsAreCheckedAndBounded()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    PreKeyUpload forged = ana.devices[0].keys(world.random, 1);
    forged.signedPreKey->publicKey[0] ^= 1;
    QVERIFY(publish(world, ana, forged).error().is(ChatError::Unauthenticated));
    QVERIFY(publish(world, ana, ana.devices[0].keys(world.random, 101)).error().is(ChatError::TooLarge));
    PreKeyUpload brief;
    brief.oneTimePreKeys.push_back({500, Bytes(31, 'k')});
    QVERIFY(publish(world, ana, brief).error().is(ChatError::Invalid));
    PreKeyUpload kem;
    kem.kem = KemPreKey{1, Bytes(3000, 'k'), {}};
    QVERIFY(publish(world, ana, kem).error().is(ChatError::TooLarge));
    QCOMPARE(*publish(world, ana, ana.devices[0].keys(world.random, 100)), 100U);
}

void ServerPreKeysTest::aUsedOrRepeatedKeyDoesNotComeBack()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(bob, ana, false);
    const PreKeyUpload upload = ana.devices[0].keys(world.random, 5);
    QCOMPARE(*publish(world, ana, upload), 15U);
    QCOMPARE(*publish(world, ana, upload), 15U);
    std::set<std::uint32_t> ids;
    for (int i = 0; i < 15; ++i)
        ids.insert(claim(world, bob, ana)->bundles[0].oneTimePreKey->id);
    QCOMPARE(ids.size(), std::size_t{15});
    QCOMPARE(*publish(world, ana, upload), 0U);
}

void ServerPreKeysTest::onlyAcquaintancesClaim()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    QVERIFY(claim(world, bob, ana).error().is(ChatError::NotFound));
    (void)world.conversation(bob, ana);
    QVERIFY(claim(world, bob, ana).ok());
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().people.block(world.caller(ana), bob.user, std::move(done)); }));
    QVERIFY(claim(world, bob, ana).error().is(ChatError::NotFound));
}

void ServerPreKeysTest::ownDevicesAreClaimedButNotTheCallers()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    QVERIFY(world.link(ana).ok());
    const auto keys = claim(world, ana, ana);
    QCOMPARE(keys->bundles.size(), std::size_t{1});
    QVERIFY(keys->bundles[0].device == ana.devices[1].id);
}

void ServerPreKeysTest::claimsAreLimited()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(bob, ana, false);
    world.rates.on = true;
    int allowed = 0;
    while (claim(world, bob, ana).ok())
        ++allowed;
    QCOMPARE(allowed, 60);
    QVERIFY(claim(world, bob, ana).error().is(ChatError::RateLimited));
}

QTEST_GUILESS_MAIN(ServerPreKeysTest)
#include "ServerPreKeysTest.moc"
