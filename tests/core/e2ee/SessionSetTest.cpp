#include "core/crypto/Sign.h"
#include "core/e2ee/E2eeError.h"
#include "tests/support/e2ee/TestDevice.h"

#include <QTest>

#include <set>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr WallTime start{Millis{1'767'225'600'000}};
const Bytes secret(96, 's'); // NOLINT: what an envelope carries

/// Two devices of two people, each with its set of sessions with the other.
struct Pair {
    SeededRandom dice{3};
    TestAccount anaAccount{dice};
    TestAccount benAccount{dice};
    TestDevice ana{anaAccount, start, 1};
    TestDevice ben{benAccount, start, 2};
    SessionSet anas{ben.own.identity};
    SessionSet bens{ana.own.identity};
    WallTime now = start;

    void anaStarts() { anas = std::move(*anas.start(ana.own, ben.claimBundle(), now, ana.random)); }
    void benStarts() { bens = std::move(*bens.start(ben.own, ana.claimBundle(), now, ben.random)); }
    Bytes seal(SessionSet& from, ByteView text = secret)
    {
        auto sealed = from.seal(text, now);
        from = std::move(sealed->next);
        return sealed->envelope;
    }
    Result<SessionSet::Opened> tryBen(ByteView envelope)
    {
        return bens.open(ben.own, ana.own.identity, envelope, ben.preKeys, {}, now, ben.random);
    }
    Result<SessionSet::Opened> tryAna(ByteView envelope)
    {
        return anas.open(ana.own, ben.own.identity, envelope, ana.preKeys, {}, now, ana.random);
    }
    static void commit(SessionSet& set, TestDevice& device, SessionSet::Opened& opened)
    {
        set = std::move(opened.next);
        if (opened.usedOneTimePreKey)
            (void)device.preKeys.removeOneTimePreKey(*opened.usedOneTimePreKey).ok();
        if (opened.seenHandshake)
            (void)device.preKeys.addSeenBaseKey(opened.seenHandshake->signedPreKey, opened.seenHandshake->baseKey).ok();
    }
    bool benReads(ByteView envelope, ByteView text = secret)
    {
        auto opened = tryBen(envelope);
        if (!opened || opened->plaintext.exposeSecret() != text)
            return false;
        commit(bens, ben, *opened);
        return true;
    }
    bool anaReads(ByteView envelope, ByteView text = secret)
    {
        auto opened = tryAna(envelope);
        if (!opened || opened->plaintext.exposeSecret() != text)
            return false;
        commit(anas, ana, *opened);
        return true;
    }
};

template <class T> bool failsWith(const Result<T>& result, E2eeError code)
{
    return !result && result.error().is(code);
}

} // namespace

class SessionSetTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void handshakeRepeatsUntilTheFirstAnswer()
    {
        Pair pair;
        pair.anaStarts();
        const Bytes first = pair.seal(pair.anas);
        const Bytes second = pair.seal(pair.anas);
        QVERIFY(parseEnvelope(first)->offer && parseEnvelope(second)->offer);
        QVERIFY(first.size() <= maxEnvelopeSize);
        QVERIFY(pair.benReads(second));
        QVERIFY(pair.benReads(first)); // the one-time pre-key is gone, the session is there
        QVERIFY(pair.anaReads(pair.seal(pair.bens)));
        const Bytes third = pair.seal(pair.anas);
        QVERIFY(!parseEnvelope(third)->offer);
        QVERIFY(pair.benReads(third));
        QCOMPARE(pair.bens.sessions().size(), std::size_t{1});
    }

    void oneTimePreKeyIsUsedOnce()
    {
        Pair pair;
        pair.anaStarts();
        const Bytes envelope = pair.seal(pair.anas);
        QVERIFY(pair.benReads(envelope));
        pair.bens = SessionSet(pair.ana.own.identity); // the session was lost
        QVERIFY(failsWith(pair.tryBen(envelope), E2eeError::MissingPreKey));
    }

    void failedHandshakeKeepsTheOneTimePreKey()
    {
        Pair pair;
        pair.anaStarts();
        const Bytes envelope = pair.seal(pair.anas);
        Bytes damaged = envelope;
        damaged.back() = static_cast<char>(damaged.back() ^ 1);
        QVERIFY(failsWith(pair.tryBen(damaged), E2eeError::NotDecryptable));
        QVERIFY(pair.benReads(envelope));
    }

    void preKeyMessageReplayWithoutOneTimeKeyIsRefused()
    {
        Pair pair;
        pair.ben.oneTimeOnServer.clear();
        pair.anaStarts();
        const Bytes envelope = pair.seal(pair.anas);
        QVERIFY(pair.benReads(envelope));
        pair.bens = SessionSet(pair.ana.own.identity); // nothing left of the session but the guard
        QVERIFY(failsWith(pair.tryBen(envelope), E2eeError::SeenBefore));
        // The guard ends with the signed pre-key, and so does the replay.
        const PreKeyId used = parseEnvelope(envelope)->offer->signedPreKey;
        QVERIFY(pair.ben.preKeys.removeSignedPreKey(used).ok());
        QVERIFY(failsWith(pair.tryBen(envelope), E2eeError::MissingPreKey));
    }

    void forgedBundleIsRefused()
    {
        Pair pair;
        PreKeyBundle bundle = pair.ben.claimBundle();
        bundle.signedPreKey.key = generateX25519(pair.dice).publicKey;
        QVERIFY(failsWith(pair.anas.start(pair.ana.own, bundle, pair.now, pair.ana.random), E2eeError::BadBundle));
        bundle = pair.ben.claimBundle();
        bundle.signedPreKey.id = bundle.signedPreKey.id.next();
        QVERIFY(failsWith(pair.anas.start(pair.ana.own, bundle, pair.now, pair.ana.random), E2eeError::BadBundle));
    }

    void lowOrderPreKeysAreRefused()
    {
        Pair pair;
        PreKeyBundle bundle = pair.ben.claimBundle();
        bundle.oneTimePreKey->key = X25519PublicKey{};
        QVERIFY(!pair.anas.start(pair.ana.own, bundle, pair.now, pair.ana.random).ok());
        const PreKeyPair evil{bundle.signedPreKey.id, {X25519PublicKey{}, {}}, pair.now};
        bundle.signedPreKey = signPreKey(evil, pair.ben.own.signing.secretKey);
        QVERIFY(!pair.anas.start(pair.ana.own, bundle, pair.now, pair.ana.random).ok());
    }

    void unknownKeyShareIsRefused()
    {
        // Eve registers Ana's device keys as her own: Ben must not take Ana's message for Eve's.
        Pair pair;
        TestAccount eve(pair.dice);
        DeviceIdentity claimed = pair.ana.own.identity;
        claimed.user = eve.user;
        claimed.identityKey = eve.identity.publicKey;
        pair.anaStarts();
        const Bytes envelope = pair.seal(pair.anas);
        SessionSet withEve{claimed};
        QVERIFY(
            failsWith(withEve.open(pair.ben.own, claimed, envelope, pair.ben.preKeys, {}, pair.now, pair.ben.random),
                      E2eeError::NotDecryptable));
        // The other way round: Ana believes that she talks to Eve, who shows Ben's keys.
        PreKeyBundle bundle = pair.ben.claimBundle();
        bundle.device.user = eve.user;
        bundle.device.identityKey = eve.identity.publicKey;
        SessionSet confused{bundle.device};
        confused = std::move(*confused.start(pair.ana.own, bundle, pair.now, pair.ana.random));
        QVERIFY(failsWith(pair.tryBen(pair.seal(confused)), E2eeError::NotDecryptable));
        // An earlier incarnation of the same device is another party as well.
        DeviceIdentity restored = pair.ana.own.identity;
        restored.incarnation = pair.dice.id<Incarnation>();
        QVERIFY(
            !pair.bens.open(pair.ben.own, restored, envelope, pair.ben.preKeys, {}, pair.now, pair.ben.random).ok());
        QVERIFY(pair.benReads(envelope));
    }

    void everyNameAndKeyIsBound()
    {
        Pair pair;
        pair.anaStarts();
        const Bytes envelope = pair.seal(pair.anas);
        const auto opensAs = [&](auto change) {
            DeviceIdentity claimed = pair.ana.own.identity;
            change(claimed);
            SessionSet set{claimed};
            return set.open(pair.ben.own, claimed, envelope, pair.ben.preKeys, {}, pair.now, pair.ben.random).ok();
        };
        QVERIFY(!opensAs([&](DeviceIdentity& d) { d.user = pair.dice.id<UserId>(); }));
        QVERIFY(!opensAs([&](DeviceIdentity& d) { d.device = pair.dice.id<DeviceId>(); }));
        QVERIFY(!opensAs([&](DeviceIdentity& d) { d.incarnation = pair.dice.id<Incarnation>(); }));
        QVERIFY(!opensAs([&](DeviceIdentity& d) { d.identityKey = pair.benAccount.identity.publicKey; }));
        QVERIFY(!opensAs([&](DeviceIdentity& d) { d.signingKey = pair.benAccount.identity.publicKey; }));
        QVERIFY(!opensAs([&](DeviceIdentity& d) { d.agreementKey = generateX25519(pair.dice).publicKey; }));
        QVERIFY(opensAs([](DeviceIdentity& d) { d.expires += std::chrono::hours(1); })); // renewed: the same device
    }

    void simultaneousInitiationConverges()
    {
        Pair pair;
        pair.anaStarts();
        pair.benStarts();
        const Bytes fromAna = pair.seal(pair.anas);
        const Bytes fromBen = pair.seal(pair.bens);
        QVERIFY(pair.benReads(fromAna));
        QVERIFY(pair.anaReads(fromBen));
        QCOMPARE(pair.anas.sessions().size(), std::size_t{2});
        QCOMPARE(pair.bens.sessions().size(), std::size_t{2});
        // Now one side speaks, the other answers: both use the session last received from.
        QVERIFY(pair.benReads(pair.seal(pair.anas)));
        QVERIFY(pair.anaReads(pair.seal(pair.bens)));
        QCOMPARE(pair.anas.sessions().front().baseKey, pair.bens.sessions().front().baseKey);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(pair.benReads(pair.seal(pair.anas)));
            QVERIFY(pair.anaReads(pair.seal(pair.bens)));
            QCOMPARE(pair.anas.sessions().front().baseKey, pair.bens.sessions().front().baseKey);
        }
    }

    void archivedSessionsStillOpenAndAreFew()
    {
        Pair pair;
        pair.anaStarts();
        const Bytes old = pair.seal(pair.anas);
        for (int i = 0; i < 3; ++i) {
            pair.anaStarts();
            QVERIFY(pair.benReads(pair.seal(pair.anas)));
        }
        QVERIFY(pair.benReads(old));
        for (int i = 0; i < 20; ++i) {
            pair.anaStarts();
            QVERIFY(pair.benReads(pair.seal(pair.anas)));
            QVERIFY(pair.anas.sessions().size() <= maxSessions && pair.bens.sessions().size() <= maxSessions);
        }
    }

    void unacknowledgedSessionExpires()
    {
        Pair pair;
        pair.anaStarts();
        QVERIFY(!pair.anas.wantsBundle(pair.now));
        pair.now += unacknowledgedKept + std::chrono::hours(1);
        QVERIFY(pair.anas.wantsBundle(pair.now) && !pair.anas.canSeal(pair.now));
        QVERIFY(failsWith(pair.anas.seal(secret, pair.now), E2eeError::MissingSession));
    }

    void repairIsThrottled()
    {
        Pair pair;
        pair.anaStarts();
        QVERIFY(pair.benReads(pair.seal(pair.anas)));
        QVERIFY(pair.anaReads(pair.seal(pair.bens)));
        for (unsigned i = 0; i + 1 < failuresBeforeFresh; ++i) {
            pair.anas = pair.anas.afterFailure(pair.now);
            QVERIFY(!pair.anas.wantsBundle(pair.now));
        }
        pair.anas = pair.anas.afterFailure(pair.now);
        QVERIFY(pair.anas.wantsBundle(pair.now));
        QVERIFY(pair.anas.canSeal(pair.now)); // the old one serves until a bundle is there
        pair.anaStarts();
        QVERIFY(!pair.anas.wantsBundle(pair.now));
        pair.now += std::chrono::minutes(59);
        pair.anas = pair.anas.afterResendRequest(pair.now);
        for (unsigned i = 0; i < 50; ++i)
            pair.anas = pair.anas.afterFailure(pair.now);
        QVERIFY(!pair.anas.wantsBundle(pair.now)); // not twice within the hour
        pair.now += std::chrono::minutes(1);
        QVERIFY(pair.anas.afterResendRequest(pair.now).wantsBundle(pair.now));
    }

    void freshSessionHealsALostOne()
    {
        Pair pair;
        pair.anaStarts();
        QVERIFY(pair.benReads(pair.seal(pair.anas)));
        pair.bens = SessionSet(pair.ana.own.identity); // Ben lost it
        pair.now += freshSessionInterval;
        pair.anas = pair.anas.afterResendRequest(pair.now);
        QVERIFY(pair.anas.wantsBundle(pair.now));
        pair.anaStarts();
        QVERIFY(pair.benReads(pair.seal(pair.anas)));
        QVERIFY(pair.anaReads(pair.seal(pair.bens)));
    }

    void unknownKemIsNotGuessed()
    {
        Pair pair;
        pair.anaStarts();
        Bytes envelope = pair.seal(pair.anas);
        const std::size_t kemAt = 1 + 1 + 4 + 1 + 4 + 32; // behind a one-time pre-key
        envelope[kemAt + 1] = 1;
        QVERIFY(failsWith(pair.tryBen(envelope), E2eeError::UnknownVersion));
    }

    void stateSurvivesStorage()
    {
        Pair pair;
        pair.anaStarts();
        pair.benStarts();
        const Bytes early = pair.seal(pair.anas);
        QVERIFY(pair.benReads(pair.seal(pair.anas)));
        pair.bens = pair.bens.afterFailure(pair.now);
        const SecretBytes stored = pair.bens.encode();
        auto again = SessionSet::decode(stored.exposeSecret());
        QVERIFY(again.ok());
        QVERIFY(again->encode() == stored);
        QVERIFY(again->belongsTo(pair.ana.own.identity));
        pair.bens = std::move(*again);
        QVERIFY(pair.benReads(early));
        for (std::size_t size = 0; size < stored.size(); ++size)
            QVERIFY(failsWith(SessionSet::decode(stored.exposeSecret().substr(0, size)), E2eeError::StateDamaged));
        QVERIFY(!SessionSet::decode(Bytes(stored.exposeSecret()) + "x").ok());
    }
};

QTEST_APPLESS_MAIN(SessionSetTest)
#include "SessionSetTest.moc"
