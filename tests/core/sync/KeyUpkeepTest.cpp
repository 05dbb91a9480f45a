#include "core/sync/KeyUpkeep.h"

#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

class Desk : public SyncBench
{
public:
    Desk() { goOnline(); }

    std::optional<wire::PublishKeysRequest> publishes()
    {
        return server.hear<wire::PublishKeysRequest>(wire::PUBLISH_KEYS);
    }
    void answer()
    {
        QVERIFY(server.answer(wire::PublishKeysResponse()));
        time.settle();
    }
    /// The secret halves of everything that travels are on disk.
    bool keepsAll(const wire::PublishKeysRequest& request)
    {
        for (const wire::OneTimePreKey& key : request.keys().one_time_prekeys()) {
            const auto kept = store->preKeys().oneTimePreKey(PreKeyId{std::uint32_t{key.id()}});
            if (!kept || !*kept || (*kept)->pair.publicKey.view() != ByteView(key.public_key()))
                return false;
        }
        return true;
    }

    KeyUpkeep keys{*context};
};

} // namespace

class KeyUpkeepTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void storesBeforeItPublishes()
    {
        Desk desk;
        desk.keys.check(0);
        const auto request = desk.publishes();
        QVERIFY(request);
        QVERIFY(request->keys().has_signed_prekey());
        QCOMPARE(request->keys().one_time_prekeys_size(), static_cast<int>(oneTimePreKeyTarget));
        desk.store.crash(); // what somebody seals with them now must open after it
        QVERIFY(desk.keepsAll(*request));
        const auto signedKey =
            desk.store->preKeys().signedPreKey(PreKeyId{std::uint32_t{request->keys().signed_prekey().id()}});
        QVERIFY(signedKey && *signedKey);
    }
    void publishesNothingThatTheDiskRefused()
    {
        Desk desk;
        desk.store.disk().failSyncsAfter(0);
        desk.keys.check(0);
        QVERIFY(desk.transport.silence());
    }
    void fillsUpOnlyWhenFewAreLeft()
    {
        Desk desk;
        desk.keys.check(0);
        QVERIFY(desk.publishes());
        desk.answer();
        desk.keys.check(oneTimePreKeyRefillBelow);
        QVERIFY(desk.transport.silence());
        desk.keys.check(oneTimePreKeyRefillBelow - 1);
        const auto request = desk.publishes();
        QVERIFY(request && !request->keys().has_signed_prekey());
        QCOMPARE(request->keys().one_time_prekeys_size(),
                 static_cast<int>(oneTimePreKeyTarget - oneTimePreKeyRefillBelow + 1));
    }
    void oneUploadAtATime()
    {
        Desk desk;
        desk.keys.check(0);
        QVERIFY(desk.publishes());
        desk.keys.check(0); // KeysLow and the next Authenticate say the same
        QVERIFY(desk.transport.silence());
        QVERIFY(desk.server.refuse(wire::WireCode::Unavailable, "later"));
        desk.time.settle();
        desk.keys.check(0);
        QVERIFY(desk.publishes());
    }
    void anUploadThatBrokeOffIsRepeatedWithFreshKeys()
    {
        Desk desk;
        desk.keys.check(0);
        const auto first = desk.publishes();
        desk.breakOff();
        desk.goOnline();
        desk.keys.check(0);
        const auto second = desk.publishes();
        QVERIFY(first && second);
        // Whether the first arrived is unknown: no id names two keys.
        QVERIFY(second->keys().one_time_prekeys(0).id() > first->keys().one_time_prekeys(99).id());
        QVERIFY(desk.keepsAll(*first) && desk.keepsAll(*second));
    }
    /// By the server's time; what this device's clock says does not count.
    void theSignedKeyIsRenewedEachWeek()
    {
        Desk desk;
        desk.keys.check(0);
        QVERIFY(desk.publishes());
        desk.answer();
        desk.clock.jumpWall(std::chrono::hours{30 * 24});
        desk.keys.check(oneTimePreKeyTarget);
        QVERIFY(desk.transport.silence());
        desk.clock.advanceMono(signedPreKeyRotation + Millis{1});
        desk.keys.check(oneTimePreKeyTarget);
        const auto request = desk.publishes();
        QVERIFY(request && request->keys().has_signed_prekey());
        QCOMPARE(request->keys().one_time_prekeys_size(), 0);
    }
};

QTEST_GUILESS_MAIN(KeyUpkeepTest)
#include "KeyUpkeepTest.moc"
