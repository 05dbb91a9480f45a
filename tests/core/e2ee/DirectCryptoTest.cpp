#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Hkdf.h"
#include "core/e2ee/E2eeError.h"
#include "core/e2ee/Padding.h"
#include "tests/support/e2ee/TestDevice.h"

#include <QTest>

#include <set>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr std::int64_t startMs = 1'767'225'600'000;

struct Entry {
    RowBinding row;
    Sealed sealed;

    [[nodiscard]] Bytes envelopeFor(const DeviceAddress& device) const
    {
        for (const DeviceEnvelope& envelope : sealed.envelopes) {
            if (envelope.device == device)
                return envelope.sealed;
        }
        return {};
    }
};

/// Ana with one device, Ben with two.
struct World {
    SeededRandom dice{7};
    WallTime now = wallFromMillis(startMs);
    TestAccount anaAccount{dice};
    TestAccount benAccount{dice};
    TestDevice ana{anaAccount, now, 1};
    TestDevice ben{benAccount, now, 2};
    TestDevice benTablet{benAccount, now, 3};
    LogId log = dice.id<LogId>();

    std::vector<TestDevice*> all() { return {&ana, &ben, &benTablet}; }
    TestDevice& at(const DeviceAddress& address)
    {
        for (TestDevice* device : all()) {
            if (device->address() == address)
                return *device;
        }
        return ana;
    }

    SealRequest request(TestDevice& from, ByteView content)
    {
        SealRequest request;
        request.row = {log, dice.id<ClientMsgId>(), from.address(), 1};
        request.claim = {Generation(std::uint64_t{1}), Seq(std::uint64_t{4}), sha256("chain")};
        request.content = content;
        request.now = now;
        for (TestDevice* device : all())
            request.devices.push_back(device->own.identity);
        return request;
    }

    /// As core/sync does: claim what is wanted, seal, commit.
    Entry send(TestDevice& from, ByteView content)
    {
        SealRequest sealRequest = request(from, content);
        for (const UserId& user : {anaAccount.user, benAccount.user}) {
            std::vector<DeviceIdentity> listed;
            for (const DeviceIdentity& device : sealRequest.devices) {
                if (device.user == user)
                    listed.push_back(device);
            }
            const auto change = from.crypto->devicesChanged(user, listed, now);
            for (const DeviceAddress& wanted : change->wanted)
                sealRequest.bundles.push_back(at(wanted).claimBundle());
        }
        auto sealed = from.crypto->seal(sealRequest);
        if (!sealed || !from.commit(sealed->change))
            qFatal("sealing failed");
        return {sealRequest.row, std::move(*sealed)};
    }

    OpenRequest openRequest(const Entry& entry, const TestDevice& sender, const Bytes& envelope) const
    {
        OpenRequest open;
        open.row = entry.row;
        open.body = entry.sealed.body;
        open.commitment = entry.sealed.commitment.view();
        open.envelope = envelope;
        open.sender = sender.own.identity;
        open.now = now;
        return open;
    }

    OpenResult receive(TestDevice& to, TestDevice& from, const Entry& entry)
    {
        const Bytes envelope = entry.envelopeFor(to.address());
        auto result = to.crypto->open(openRequest(entry, from, envelope));
        if (!result || !to.commit(result->change))
            qFatal("opening failed");
        return std::move(*result);
    }
};

std::string textOf(const OpenResult& result)
{
    const auto* opened = std::get_if<Opened>(&result.outcome);
    return opened != nullptr ? std::string(opened->content.exposeSecret()) : "(not opened)";
}

std::optional<Lost::Reason> lostReason(const OpenResult& result)
{
    const auto* lost = std::get_if<Lost>(&result.outcome);
    return lost != nullptr ? std::optional(lost->reason) : std::nullopt;
}

std::optional<Waiting::Need> need(const OpenResult& result)
{
    const auto* waiting = std::get_if<Waiting>(&result.outcome);
    return waiting != nullptr ? std::optional(waiting->need) : std::nullopt;
}

/// A body that a dishonest sender makes: the commitment covers another text than the one inside.
SealedBody dishonestBody(const RowBinding& row, Random& random)
{
    SealedBody out;
    random.fill(out.secret.key.data(), ContentKey::size);
    random.fill(out.frankingKey.data(), FrankingKey::size);
    out.secret.commitment = commitmentOf(out.frankingKey, encodePayload(row, {}, "kind words").exposeSecret());
    const Bytes payload(encodePayload(row, {}, "threats").exposeSecret());
    Bytes padded;
    appendBigEndian32(padded, static_cast<std::uint32_t>(FrankingKey::size + payload.size()));
    padded.append(out.frankingKey.exposeSecret()).append(payload);
    padded.resize(paddedSize(padded.size() + 16) - 16);
    Bytes associated("kith body v1\0", 13);
    associated.append(row.log.view()).append(row.clientMsgId.view()).append(row.sender.user.view());
    associated.append(row.sender.device.view()).push_back(static_cast<char>(row.kind));
    associated.append(out.secret.commitment.view());
    const auto key = hkdfSha256As<AeadKey>({}, out.secret.key.exposeSecret(), "kith body v1");
    out.body = ChaCha20Poly1305::seal(key, {}, associated, padded);
    out.secret.bodyHash = sha256(out.body);
    return out;
}

} // namespace

class DirectCryptoTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyDeviceReadsTheSameText()
    {
        World world;
        const Entry entry = world.send(world.ana, "hello");
        QCOMPARE(entry.sealed.envelopes.size(), std::size_t{2});
        QVERIFY(entry.sealed.withoutEnvelope.empty());
        for (TestDevice* device : {&world.ben, &world.benTablet}) {
            const OpenResult result = world.receive(*device, world.ana, entry);
            QCOMPARE(textOf(result), std::string("hello"));
            const auto& opened = std::get<Opened>(result.outcome);
            QCOMPARE(opened.claim.seq, Seq(std::uint64_t{4}));
            QCOMPARE(opened.claim.chain, sha256("chain"));
            QCOMPARE(opened.sender.device, world.ana.address().device);
        }
        const Entry answer = world.send(world.benTablet, "hi");
        QCOMPARE(textOf(world.receive(world.ana, world.benTablet, answer)), std::string("hi"));
        QCOMPARE(textOf(world.receive(world.ben, world.benTablet, answer)), std::string("hi"));
    }

    void envelopesFitTheirLimit()
    {
        World world;
        const Entry first = world.send(world.ana, "hello"); // pre-key messages, the largest form
        for (const DeviceEnvelope& envelope : first.sealed.envelopes)
            QVERIFY(envelope.sealed.size() <= maxEnvelopeSize);
    }

    void bodiesHaveFewSizes()
    {
        World world;
        QCOMPARE(world.send(world.ana, "a").sealed.body.size(), leastPaddedSize);
        QCOMPARE(world.send(world.ana, Bytes(60, 'a')).sealed.body.size(), leastPaddedSize);
        std::set<std::size_t> sizes;
        for (std::size_t size = 1; size < 4000; size += 13)
            sizes.insert(world.send(world.ana, Bytes(size, 'a')).sealed.body.size());
        QVERIFY(sizes.size() < 70); // of 308
        const Entry largest = world.send(world.ana, Bytes(maxContentSize, 'a'));
        QCOMPARE(largest.sealed.body.size(), maxBodySize);
        QCOMPARE(textOf(world.receive(world.ben, world.ana, largest)).size(), maxContentSize);
        const auto tooLarge = world.ana.crypto->seal(world.request(world.ana, Bytes(maxContentSize + 1, 'a')));
        QVERIFY(!tooLarge && tooLarge.error().is(E2eeError::TooLarge));
    }

    void aTamperedBodyIsLost()
    {
        World world;
        Entry entry = world.send(world.ana, "hello");
        entry.sealed.body[100] = static_cast<char>(entry.sealed.body[100] ^ 1);
        QCOMPARE(lostReason(world.receive(world.ben, world.ana, entry)), Lost::Reason::WrongBody);
    }

    void devicesCannotBeShownDifferentTexts()
    {
        // Ana's server (or Ana) puts the body of another message under these envelopes.
        World world;
        Entry entry = world.send(world.ana, "for the phone");
        const Entry other = world.send(world.ana, "for the tablet");
        entry.sealed.body = other.sealed.body;
        QCOMPARE(lostReason(world.receive(world.ben, world.ana, entry)), Lost::Reason::WrongBody);
    }

    void aWrongCommitmentIsLost()
    {
        World world;
        Entry entry = world.send(world.ana, "hello");
        entry.sealed.commitment = sha256("another");
        QCOMPARE(lostReason(world.receive(world.ben, world.ana, entry)), Lost::Reason::WrongCommitment);
        entry = world.send(world.ana, "hello");
        const Bytes envelope = entry.envelopeFor(world.ben.address());
        OpenRequest open = world.openRequest(entry, world.ana, envelope);
        open.commitment = {};
        QCOMPARE(lostReason(*world.ben.crypto->open(open)), Lost::Reason::WrongCommitment);
    }

    void whatCouldNotBeReportedIsLost()
    {
        // The sender's own client cheats: the commitment is the one it announced, but covers other words.
        World world;
        Entry entry = world.send(world.ana, "hello");
        QCOMPARE(textOf(world.receive(world.ben, world.ana, entry)), std::string("hello"));
        const SealedBody body = dishonestBody(entry.row, world.dice);
        SealMoreRequest more;
        const SecretBytes secret = body.secret.encode();
        more.contentSecret = secret.exposeSecret();
        more.devices = {world.ben.own.identity};
        more.now = world.now;
        auto sealed = world.ana.crypto->sealForMore(more);
        QVERIFY(sealed && world.ana.commit(sealed->change));
        entry.sealed.body = body.body;
        entry.sealed.commitment = body.secret.commitment;
        entry.sealed.envelopes = std::move(sealed->envelopes);
        QCOMPARE(lostReason(world.receive(world.ben, world.ana, entry)), Lost::Reason::WrongCommitment);
    }

    void aRowCannotBeMovedOrRenamed()
    {
        const auto moved = [](auto change) {
            World world;
            Entry entry = world.send(world.ana, "hello");
            change(world, entry.row);
            return lostReason(world.receive(world.ben, world.ana, entry));
        };
        QCOMPARE(moved([](World& w, RowBinding& row) { row.log = w.dice.id<LogId>(); }), Lost::Reason::Damaged);
        QCOMPARE(moved([](World& w, RowBinding& row) { row.clientMsgId = w.dice.id<ClientMsgId>(); }),
                 Lost::Reason::Damaged);
        QCOMPARE(moved([](World&, RowBinding& row) { row.kind = 2; }), Lost::Reason::Damaged);
    }

    void anotherSenderIsNotBelieved()
    {
        World world;
        Entry entry = world.send(world.ana, "hello");
        entry.row.sender = world.benTablet.address(); // the server says that Ben's own tablet wrote it
        const OpenResult result = world.receive(world.ben, world.benTablet, entry);
        QCOMPARE(need(result), Waiting::Need::Resend);
    }

    void aReplayedEntryIsLostNotShownTwice()
    {
        World world;
        const Entry entry = world.send(world.ana, "hello");
        QCOMPARE(textOf(world.receive(world.ben, world.ana, entry)), std::string("hello"));
        QCOMPARE(lostReason(world.receive(world.ben, world.ana, entry)), Lost::Reason::Replayed);
    }

    void withoutEnvelopeItWaitsForAResend()
    {
        World world;
        Entry entry = world.send(world.ana, "hello");
        entry.sealed.envelopes.clear();
        const OpenResult result = world.receive(world.ben, world.ana, entry);
        QCOMPARE(need(result), Waiting::Need::Resend);
        QCOMPARE(std::get<Waiting>(result.outcome).onlineBudget, Millis(std::chrono::hours(7 * 24)));
        QVERIFY(result.change.empty());
    }

    void anUnknownSenderWaitsForItsDeviceList()
    {
        World world;
        const Entry entry = world.send(world.ana, "hello");
        const Bytes envelope = entry.envelopeFor(world.ben.address());
        OpenRequest open = world.openRequest(entry, world.ana, envelope);
        open.sender.reset();
        QCOMPARE(need(*world.ben.crypto->open(open)), Waiting::Need::DeviceList);
        open.sender = world.benTablet.own.identity; // not the row's sender
        QCOMPARE(need(*world.ben.crypto->open(open)), Waiting::Need::DeviceList);
        open.sender = world.ana.own.identity;
        QCOMPARE(textOf(*world.ben.crypto->open(open)), std::string("hello"));
    }

    void aNewerFormWaitsForAnUpdate()
    {
        World world;
        Entry entry = world.send(world.ana, "hello");
        for (DeviceEnvelope& envelope : entry.sealed.envelopes)
            envelope.sealed[0] = 9;
        QCOMPARE(need(world.receive(world.ben, world.ana, entry)), Waiting::Need::Update);
    }

    void aFailedOpenLosesNothing()
    {
        World world;
        Entry entry = world.send(world.ana, "hello");
        const Bytes good = entry.envelopeFor(world.ben.address());
        Bytes bad = good;
        bad.back() = static_cast<char>(bad.back() ^ 1);
        const auto failed = world.ben.crypto->open(world.openRequest(entry, world.ana, bad));
        QVERIFY(failed && world.ben.commit(failed->change));
        QCOMPARE(need(*failed), Waiting::Need::Resend);
        QCOMPARE(textOf(*world.ben.crypto->open(world.openRequest(entry, world.ana, good))), std::string("hello"));
    }

    void aMissedDeviceGetsTheSameBodyLater()
    {
        World world;
        SealRequest request = world.request(world.ana, "hello");
        request.devices = {world.ben.own.identity};
        request.bundles.push_back(world.ben.claimBundle());
        auto sealed = world.ana.crypto->seal(request);
        QVERIFY(sealed && world.ana.commit(sealed->change));
        Entry entry{request.row, std::move(*sealed)};
        SealMoreRequest more;
        more.contentSecret = entry.sealed.contentSecret.exposeSecret();
        more.devices = {world.benTablet.own.identity};
        more.now = world.now;
        const auto without = world.ana.crypto->sealForMore(more);
        QVERIFY(without && without->envelopes.empty() && without->withoutEnvelope.size() == 1);
        more.bundles.push_back(world.benTablet.claimBundle());
        auto sealedMore = world.ana.crypto->sealForMore(more);
        QVERIFY(sealedMore && world.ana.commit(sealedMore->change));
        entry.sealed.envelopes.push_back(std::move(sealedMore->envelopes.front()));
        QCOMPARE(textOf(world.receive(world.ben, world.ana, entry)), std::string("hello"));
        QCOMPARE(textOf(world.receive(world.benTablet, world.ana, entry)), std::string("hello"));
    }

    void aBadBundleBlocksOneDeviceOnly()
    {
        World world;
        SealRequest request = world.request(world.ana, "hello");
        request.bundles = {world.ben.claimBundle(), world.benTablet.claimBundle()};
        request.bundles[1].signedPreKey.signature = Ed25519Signature{};
        const auto sealed = world.ana.crypto->seal(request);
        QVERIFY(sealed.ok());
        QCOMPARE(sealed->envelopes.size(), std::size_t{1});
        QCOMPARE(sealed->withoutEnvelope, std::vector{world.benTablet.address()});
    }

    void removedAndReplacedDevicesLoseTheirSessions()
    {
        World world;
        (void)world.send(world.ana, "hello");
        QCOMPARE(world.ana.sessions.devicesWithSessions(world.benAccount.user)->size(), std::size_t{2});
        DeviceIdentity restored = world.ben.own.identity;
        restored.incarnation = world.dice.id<Incarnation>();
        const auto change = world.ana.crypto->devicesChanged(world.benAccount.user, {restored}, world.now);
        QVERIFY(change && world.ana.commit(change->change));
        QCOMPARE(change->wanted, std::vector{restored.address()});
        QVERIFY(world.ana.sessions.devicesWithSessions(world.benAccount.user)->empty());
    }

    void aResendRequestMakesTheNextMessageHeal()
    {
        World world;
        (void)world.send(world.ana, "hello");
        QVERIFY(world.ben.sessions.removeSessions(world.ana.address()).ok()); // Ben's state is gone
        QVERIFY(world.ben.preKeys.removeOneTimePreKey(PreKeyId(std::uint32_t{1})).ok());
        const Entry lost = world.send(world.ana, "not readable");
        QCOMPARE(need(world.receive(world.ben, world.ana, lost)), Waiting::Need::Resend);
        const auto change = world.ana.crypto->resendWanted(world.ben.address(), world.now);
        QVERIFY(change && world.ana.commit(*change));
        const Entry again = world.send(world.ana, "not readable, sent again");
        QCOMPARE(textOf(world.receive(world.ben, world.ana, again)), std::string("not readable, sent again"));
    }

    void stateThatDoesNotParseIsAnErrorNotAnOutcome()
    {
        World world;
        const Entry entry = world.send(world.ana, "hello");
        QVERIFY(world.ben.sessions.saveSessions(world.ana.address(), "garbage").ok());
        const Bytes envelope = entry.envelopeFor(world.ben.address());
        const auto result = world.ben.crypto->open(world.openRequest(entry, world.ana, envelope));
        QVERIFY(!result && result.error().is(E2eeError::StateDamaged));
    }
};

QTEST_APPLESS_MAIN(DirectCryptoTest)
#include "DirectCryptoTest.moc"
