#include "core/e2ee/DeviceManifest.h"

#include "core/crypto/Hash.h"
#include "core/crypto/Sign.h"
#include "core/e2ee/E2eeError.h"
#include "core/e2ee/IdentityTrust.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr WallTime start{Millis{1'767'225'600'000}};

/// An account with as many devices as a test asks for. The serialized form is any bytes here: the rules see the hash.
struct Account {
    SeededRandom random{4};
    UserId user = random.id<UserId>();
    Ed25519KeyPair identity = generateEd25519(random);
    std::vector<OwnDevice> devices;

    DeviceManifest first()
    {
        DeviceManifest manifest;
        manifest.user = user;
        manifest.version = 1;
        manifest.identityKey = identity.publicKey;
        add(manifest);
        manifest.author = manifest.devices[0].device;
        manifest.hash = sha256("1");
        return manifest;
    }
    DeviceManifest follow(const DeviceManifest& before)
    {
        DeviceManifest next = before;
        next.version = before.version + 1;
        next.previousHash = before.hash;
        next.hash = sha256(std::to_string(next.version));
        return next;
    }
    void add(DeviceManifest& manifest)
    {
        devices.push_back(OwnDevice::generate(user, identity.publicKey, start, random));
        manifest.devices.push_back(devices.back().identity);
    }
    static void revoke(DeviceManifest& manifest, std::size_t index)
    {
        manifest.revoked.push_back(manifest.devices[index].device);
        manifest.devices.erase(manifest.devices.begin() + static_cast<std::ptrdiff_t>(index));
    }
};

template <class T, class Code> bool failsWith(const Result<T>& result, Code code)
{
    return !result && result.error().is(code);
}

} // namespace

class DeviceManifestTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theNextNumberFollows()
    {
        Account account;
        const DeviceManifest one = account.first();
        QVERIFY(*acceptsManifest({}, one));
        DeviceManifest two = account.follow(one);
        account.add(two);
        QVERIFY(checkManifest(one) && checkManifest(two));
        QVERIFY(*acceptsManifest(one, two));
        QVERIFY(!*acceptsManifest(two, two)); // the one we have
        const ManifestDifference difference = differenceOf(one, two);
        QVERIFY(difference.removed.empty() && difference.added.size() == 1);
        QCOMPARE(difference.added[0], two.devices[1]);
    }

    void olderForkedAndUnlinkedAreRefused()
    {
        Account account;
        const DeviceManifest one = account.first();
        const DeviceManifest two = account.follow(one);
        const DeviceManifest three = account.follow(two);
        QVERIFY(failsWith(acceptsManifest(two, one), ManifestError::Older));
        QVERIFY(failsWith(acceptsManifest(one, three), ManifestError::Gap));
        DeviceManifest fork = two;
        fork.hash = sha256("other");
        QVERIFY(failsWith(acceptsManifest(two, fork), ManifestError::Forked));
        DeviceManifest unlinked = two;
        unlinked.previousHash = sha256("elsewhere");
        QVERIFY(failsWith(acceptsManifest(one, unlinked), ManifestError::BrokenLink));
        unlinked.previousHash.reset();
        QVERIFY(failsWith(checkManifest(unlinked), ManifestError::BrokenLink));
    }

    void authorMustBeListedBeforeAndNow()
    {
        Account account;
        const DeviceManifest one = account.first();
        DeviceManifest selfAdded = account.follow(one);
        account.add(selfAdded);
        selfAdded.author = selfAdded.devices[1].device;
        QVERIFY(checkManifest(selfAdded).ok());
        QVERIFY(failsWith(acceptsManifest(one, selfAdded), ManifestError::UnknownAuthor));
        DeviceManifest stranger = account.follow(one);
        stranger.author = account.random.id<DeviceId>();
        QVERIFY(failsWith(checkManifest(stranger), ManifestError::UnknownAuthor));
    }

    void revokedAuthorsAndReturnsAreRefused()
    {
        Account account;
        DeviceManifest one = account.first();
        account.add(one);
        DeviceManifest two = account.follow(one);
        const DeviceId gone = two.devices[1].device;
        Account::revoke(two, 1);
        QVERIFY(checkManifest(two) && *acceptsManifest(one, two));
        QCOMPARE(differenceOf(one, two).removed, std::vector{gone});

        DeviceManifest back = account.follow(two);
        back.devices.push_back(one.devices[1]);
        QVERIFY(failsWith(checkManifest(back), ManifestError::RevokedReturns));
        back.revoked.clear(); // as if it had never been revoked
        QVERIFY(checkManifest(back).ok());
        QVERIFY(failsWith(acceptsManifest(two, back), ManifestError::RevokedReturns));
        back.author = gone;
        QVERIFY(failsWith(acceptsManifest(two, back), ManifestError::RevokedAuthor));
    }

    void listsAreBoundedAndTheirOwn()
    {
        Account account;
        DeviceManifest manifest = account.first();
        while (manifest.devices.size() < maxListedDevices)
            account.add(manifest);
        QVERIFY(checkManifest(manifest).ok());
        account.add(manifest);
        QVERIFY(failsWith(checkManifest(manifest), ManifestError::TooManyDevices));
        manifest.devices.clear();
        QVERIFY(failsWith(checkManifest(manifest), ManifestError::TooManyDevices));
        manifest = account.first();
        manifest.devices.push_back(manifest.devices[0]);
        QVERIFY(failsWith(checkManifest(manifest), ManifestError::BadList));
        manifest = account.first();
        manifest.devices[0].user = account.random.id<UserId>();
        QVERIFY(failsWith(checkManifest(manifest), ManifestError::BadList));
    }

    void anotherIdentityKeyIsAPersonsDecision()
    {
        Account account;
        const DeviceManifest one = account.first();
        Account other;
        other.random = SeededRandom(9);
        DeviceManifest two = account.follow(one);
        two.identityKey = generateEd25519(other.random).publicKey;
        QVERIFY(failsWith(acceptsManifest(one, two), ManifestError::IdentityChanged));

        const Ed25519PublicKey key = account.identity.publicKey;
        KnownIdentity known{key, Verification::None, 1, {}};
        QCOMPARE(judgeIdentity(std::nullopt, key), IdentityVerdict::FirstUse);
        QCOMPARE(judgeIdentity(known, key), IdentityVerdict::Same);
        QCOMPARE(judgeIdentity(known, two.identityKey), IdentityVerdict::Changed);
        known.verification = Verification::ByLink;
        QCOMPARE(judgeIdentity(known, two.identityKey), IdentityVerdict::ChangedVerified);
        QCOMPARE(firstVerification(key, {}).value(), Verification::None);
        QCOMPARE(firstVerification(key, identityFingerprint(key)).value(), Verification::ByLink);
        const auto mismatch = firstVerification(key, identityFingerprint(two.identityKey));
        QVERIFY(failsWith(mismatch, ManifestError::IdentityChanged));
        for (const Bytes& fingerprint : {identityFingerprint(key), identityFingerprint(two.identityKey)})
            QVERIFY(mismatch.error().detail.find(toHex(fingerprint)) != std::string::npos);
    }

    void bothSignaturesAreNeeded()
    {
        Account account;
        const DeviceManifest manifest = account.first();
        const Bytes bytes = "serialized";
        const auto byIdentity = sign(account.identity.secretKey, deviceManifestLabel, bytes);
        const auto byDevice = sign(account.devices[0].signing.secretKey, deviceManifestLabel, bytes);
        QVERIFY(verifyManifest(manifest, bytes, byIdentity.view(), byDevice.view()).ok());
        QVERIFY(failsWith(verifyManifest(manifest, bytes, byIdentity.view(), byIdentity.view()),
                          ManifestError::BadSignature));
        QVERIFY(
            failsWith(verifyManifest(manifest, bytes, byDevice.view(), byDevice.view()), ManifestError::BadSignature));
        QVERIFY(failsWith(verifyManifest(manifest, "other bytes", byIdentity.view(), byDevice.view()),
                          ManifestError::BadSignature));
    }

    void certificatesAreSignedAndExpire()
    {
        Account account;
        (void)account.first();
        DeviceIdentity device = account.devices[0].identity;
        const Bytes bytes = "certificate";
        const auto signature = sign(account.identity.secretKey, deviceCertificateLabel, bytes);
        QVERIFY(verifyCertificate(bytes, signature.view(), device, start).ok());
        QVERIFY(failsWith(verifyCertificate("other", signature.view(), device, start), E2eeError::BadCertificate));
        const auto wrongLabel = sign(account.identity.secretKey, deviceManifestLabel, bytes);
        QVERIFY(failsWith(verifyCertificate(bytes, wrongLabel.view(), device, start), E2eeError::BadCertificate));
        device.expires = start;
        QVERIFY(verifyCertificate(bytes, signature.view(), device, start + std::chrono::hours(23)).ok());
        QVERIFY(failsWith(verifyCertificate(bytes, signature.view(), device, start + std::chrono::hours(25)),
                          E2eeError::BadCertificate));
        device.expires = {};
        device.incarnation = {};
        QVERIFY(failsWith(verifyCertificate(bytes, signature.view(), device, start), E2eeError::BadCertificate));
    }

    void ownDeviceSurvivesStorage()
    {
        Account account;
        (void)account.first();
        const OwnDevice& own = account.devices[0];
        const SecretBytes stored = own.encode();
        const auto again = OwnDevice::decode(stored.exposeSecret());
        QVERIFY(again.ok());
        QCOMPARE(again->identity, own.identity);
        QVERIFY(again->signing.secretKey == own.signing.secretKey);
        QVERIFY(again->agreement.secretKey == own.agreement.secretKey);
        for (std::size_t size = 0; size < stored.size(); ++size)
            QVERIFY(!OwnDevice::decode(stored.exposeSecret().substr(0, size)).ok());
    }
};

QTEST_APPLESS_MAIN(DeviceManifestTest)
#include "DeviceManifestTest.moc"
