#include "core/crypto/Hash.h"
#include "tests/support/e2ee/TestDevice.h"

#include <QTest>

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
};

QTEST_APPLESS_MAIN(DirectCryptoTest)
#include "DirectCryptoTest.moc"
