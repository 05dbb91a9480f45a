// A server that puts itself between two people: the invite link names the key that counts, so kith-cli stops with both
// fingerprints, and nothing is sealed for the wrong one.
#include "core/e2ee/IdentityTrust.h"
#include "core/protocol/wire/rpc.pb.h"
#include "tests/e2e/CliProfile.h"
#include "tests/e2e/ImpostorServer.h"
#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

constexpr int stopped = 6;

/// Ana on a real server, her invite for Ben, and the impostor through whom Ben reaches it.
struct Town {
    Town() : impostor(kithd.port())
    {
        const Ran registered =
            ana.registerAs(QStringLiteral("ana"), kithd.serving()[QStringLiteral("invite")].toString());
        const Ran made = ana.run({QStringLiteral("invite")});
        auto parsed = wire::parseInviteLink(made.answer[QStringLiteral("invite")].toString().toStdString());
        ready = impostor.listens && registered.code == 0 && parsed.ok();
        if (!ready)
            return;
        fingerprint = parsed->identity;
        anaUser = *UserId::fromBytes(*fromHex(registered.answer[QStringLiteral("user")].toString().toStdString()));
        parsed->port = impostor.port();
        link = QString::fromStdString(wire::formatInviteLink(*parsed));
        // The impostor's own key under Ana's id: the most that a server can make up.
        eve.account.user = eve.account.device.identity.user = anaUser;
        list = eve.list();
    }
    [[nodiscard]] bool saysBoth(const Ran& ran) const
    {
        const Bytes shown = identityFingerprint(eve.account.identity.publicKey);
        return ran.answer[QStringLiteral("message")].toString().contains(
            QString::fromStdString("pinned key " + toHex(fingerprint) + ", presented key " + toHex(shown)));
    }
    Ran benRegisters() { return ben.registerAs(QStringLiteral("ben"), link); }
    Ran benSends() { return ben.run({QStringLiteral("send"), QStringLiteral("ana"), QStringLiteral("a secret")}); }

    KithdProcess kithd{{QStringLiteral("--plain")}};
    ImpostorServer impostor;
    CliProfile ana;
    CliProfile ben;
    SeededRandom random;
    SyncPerson eve{random, SystemClock().wall()};
    wire::SignedDeviceManifest list;
    UserId anaUser;
    Bytes fingerprint;
    QString link;
    bool ready = false;
};

/// Changes the answer to one call.
template <class Response>
void change(wire::Frame& frame, wire::Method method, const std::function<void(Response&)>& how)
{
    Response response;
    if (frame.method() != method || !response.ParseFromString(frame.body()))
        return;
    how(response);
    frame.set_body(response.SerializeAsString());
}

} // namespace

class ImpostorTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anotherKeyAtRegistration()
    {
        Town town;
        QVERIFY(town.ready);
        town.impostor.lie = [&](wire::Frame& frame) {
            change<wire::RegisterResponse>(frame, wire::REGISTER, [&](wire::RegisterResponse& response) {
                *response.mutable_inviter()->mutable_manifest() = town.list;
            });
        };
        const Ran refused = town.benRegisters();
        QCOMPARE(refused.code, stopped);
        QCOMPARE(refused.answer[QStringLiteral("code")].toString(), QStringLiteral("session/key_changed"));
        QVERIFY2(town.saysBoth(refused), qPrintable(refused.errors));
        QCOMPARE(town.benSends().code, 4); // there is no account to send from
        // Nobody in between: the same profile, the same link.
        town.impostor.lie = nullptr;
        const Ran registered = town.benRegisters();
        QCOMPARE(registered.code, 0);
        QCOMPARE(registered.answer[QStringLiteral("trust")].toString(), QStringLiteral("verified_by_link"));
        QVERIFY(town.impostor.asked.count(wire::SEND_MESSAGE) == 0);
        QCOMPARE(town.benSends().code, 0);
    }
    void anotherKeyAtTheFirstMessage()
    {
        Town town;
        QVERIFY(town.ready);
        QCOMPARE(town.benRegisters().code, 0);
        town.impostor.lie = [&](wire::Frame& frame) {
            change<wire::ClaimKeysResponse>(frame, wire::CLAIM_KEYS, [&](wire::ClaimKeysResponse& response) {
                *response.mutable_manifest() = town.list;
            });
        };
        for (int sends = 0; sends < 2; ++sends) {
            const Ran refused = town.benSends();
            QCOMPARE(refused.code, stopped);
            QVERIFY2(town.saysBoth(refused), qPrintable(refused.errors));
        }
        QVERIFY(town.impostor.asked.count(wire::CLAIM_KEYS) == 1);
        QVERIFY(town.impostor.asked.count(wire::SEND_MESSAGE) == 0);
        const Ran listed = town.ben.run({QStringLiteral("list")});
        QCOMPARE(listed.answer[QStringLiteral("trust")].toString(), QStringLiteral("changed"));
    }
    /// The name of somebody verified is known for good: the server is not asked whose it is.
    void anotherPersonUnderTheName()
    {
        Town town;
        QVERIFY(town.ready);
        QCOMPARE(town.benRegisters().code, 0);
        QCOMPARE(town.benSends().code, 0);
        QVERIFY(town.impostor.asked.count(wire::FIND_PEOPLE) == 0);
        const Ran received = town.ana.run({QStringLiteral("receive")});
        QCOMPARE(received.answer[QStringLiteral("text")].toString(), QStringLiteral("a secret"));
    }
};

QTEST_GUILESS_MAIN(ImpostorTest)
#include "ImpostorTest.moc"
