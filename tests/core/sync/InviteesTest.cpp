#include "core/crypto/Hash.h"
#include "core/e2ee/IdentityTrust.h"
#include "core/protocol/wire/InviteLink.h"
#include "core/sync/Invites.h"
#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

/// Somebody who registers by the link of a person; the server is the test.
class Newcomer
{
public:
    Newcomer()
    {
        draft.handle = "ben";
        const auto prepared = prepareAccount(*store, draft, clock.wall(), random);
        KITH_VERIFY_OK(prepared);
        net::ConnectionSettings settings;
        settings.address = net::ServerAddress::parse("chat.example").value();
        connection = std::make_unique<net::Connection>(std::move(settings),
                                                       net::ConnectionPorts{transport, clock, random, time, time});
        connection->start();
        QVERIFY(transport.serverOpens() && server.hear<wire::HelloRequest>(wire::HELLO) &&
                server.answer(ScriptedServer::hello(SyncBench::serverMs)));
    }
    /// The outcome of a registration that the server answers so.
    Result<OwnAccount> registers(const Bytes& linkFingerprint, const wire::FindPeopleResponse* inviter)
    {
        std::optional<Result<OwnAccount>> outcome;
        const auto account = prepareAccount(*store, draft, clock.wall(), random);
        registerOn(*connection, *store, *account, draft, {"token", linkFingerprint}, random,
                   [&](const Result<OwnAccount>& result) { outcome = result; });
        wire::RegisterResponse answer;
        answer.set_user_id(draft.user.bytes());
        answer.set_account_log(draft.user.bytes());
        answer.set_handle("ben");
        if (inviter != nullptr)
            *answer.mutable_inviter() = *inviter;
        const auto asked = server.hear<wire::RegisterRequest>(wire::REGISTER);
        if (!asked || asked->invite() != "token" || !server.answer(answer) || !outcome)
            return Error::make(wire::WireCode::Internal, "no answer");
        return *outcome;
    }
    /// Nothing of the answer counts: no account, nobody pinned.
    bool keptNothing()
    {
        const auto account = store->account().load();
        const auto contacts = store->contacts().all();
        const auto pinned = store->identities().identity(ana.user());
        return account && *account && !(*account)->registered && contacts && contacts->empty() && pinned && !*pinned;
    }
    wire::FindPeopleResponse shown(SyncPerson& person)
    {
        wire::FindPeopleResponse shown;
        shown.set_user_id(person.user().bytes());
        shown.set_handle("ana");
        *shown.mutable_manifest() = person.list();
        return shown;
    }

    FakeClock clock;
    VirtualTime time{clock};
    SeededRandom random;
    ScriptedTransport transport;
    ScriptedServer server{transport};
    TestStore store;
    OwnAccount draft;
    SyncPerson ana{random, wallFromMillis(SyncBench::serverMs)};
    SyncPerson eve{random, wallFromMillis(SyncBench::serverMs)};
    std::unique_ptr<net::Connection> connection;
};

Bytes fingerprintOf(const SyncPerson& person)
{
    return identityFingerprint(person.account.identity.publicKey);
}

bool saysBoth(const Error& error, const std::string& pinned, const std::string& shown)
{
    return error.detail.find("pinned key " + pinned + ", presented key " + shown) != std::string::npos;
}

} // namespace

class InviteesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whoInvitedIsVerifiedByLink()
    {
        Newcomer ben;
        (void)ben.ana.list(); // and has changed devices since
        const auto shown = ben.shown(ben.ana);
        KITH_VERIFY_OK(ben.registers(fingerprintOf(ben.ana), &shown));
        ben.store.crash();
        const auto inviter = ben.store->contacts().findByHandle("ana");
        QVERIFY(inviter && *inviter);
        QCOMPARE((*inviter)->trust, TrustState::ByLink);
        QVERIFY((*inviter)->user == ben.ana.user());
        QCOMPARE(ben.store->identities().identity(ben.ana.user()).value()->manifestVersion, std::uint64_t{2});
        QVERIFY(ben.store->account().load().value()->registered);
    }
    void anotherKeyThanTheLinksStops()
    {
        Newcomer ben;
        ben.eve.account.user = ben.ana.user(); // the server puts its own key under ana's name
        ben.eve.account.device.identity.user = ben.ana.user();
        const auto shown = ben.shown(ben.eve);
        const auto outcome = ben.registers(fingerprintOf(ben.ana), &shown);
        KITH_VERIFY_FAILS(outcome, ManifestError::IdentityChanged);
        QVERIFY(saysBoth(outcome.error(), toHex(fingerprintOf(ben.ana)), toHex(fingerprintOf(ben.eve))));
        QVERIFY(ben.keptNothing());
        // The same profile goes on once the server tells the truth.
        const auto truth = ben.shown(ben.ana);
        KITH_VERIFY_OK(ben.registers(fingerprintOf(ben.ana), &truth));
    }
    void nobodyWhereTheLinkPromisesSomebodyStops()
    {
        Newcomer ben;
        const auto outcome = ben.registers(fingerprintOf(ben.ana), nullptr);
        KITH_VERIFY_FAILS(outcome, ManifestError::IdentityChanged);
        QVERIFY(saysBoth(outcome.error(), toHex(fingerprintOf(ben.ana)), "none"));
        QVERIFY(ben.keptNothing());
    }
    void aListOfSomebodyElseOrForgedStops()
    {
        Newcomer ben;
        auto shown = ben.shown(ben.ana);
        shown.set_user_id(ben.eve.user().bytes());
        KITH_VERIFY_FAILS(ben.registers(fingerprintOf(ben.ana), &shown), ManifestError::BadList);
        shown = ben.shown(ben.ana);
        shown.mutable_manifest()->mutable_identity_signature()->at(3) ^= 1;
        KITH_VERIFY_FAILS(ben.registers(fingerprintOf(ben.ana), &shown), ManifestError::BadSignature);
        QVERIFY(ben.keptNothing());
    }
    void aLinkOfTheServerPromisesNobody()
    {
        Newcomer ben;
        const auto shown = ben.shown(ben.eve);
        KITH_VERIFY_OK(ben.registers({}, &shown));
        QVERIFY(ben.store->contacts().all().value().empty()); // nothing vouches for who that is
    }

    void aLinkCarriesBothFingerprints()
    {
        SyncBench bench;
        bench.context->account.server.pinnedKey = Bytes(32, 'p');
        bench.goOnline();
        Invites invites(*bench.context);
        std::optional<Result<OwnInvite>> made;
        invites.create({3, std::chrono::minutes(90)}, [&](const Result<OwnInvite>& result) { made = result; });
        const auto asked = bench.server.hear<wire::CreateInviteRequest>(wire::CREATE_INVITE);
        QVERIFY(asked && asked->uses() == 3 && asked->lifetime_s() == 5400);
        wire::CreateInviteResponse answer;
        answer.set_token("a-token-of-the-server");
        answer.set_id("1d");
        answer.set_expires_ms(77);
        QVERIFY(bench.server.answer(answer) && made && made->ok());
        QCOMPARE((*made)->id, std::string("1d"));
        QVERIFY((*made)->expires == wallFromMillis(77));
        const auto link = wire::parseInviteLink((*made)->link);
        QVERIFY(link.ok());
        QCOMPARE(link->host + ":" + std::to_string(link->port), std::string("chat.example:1"));
        QCOMPARE(link->token, std::string("a-token-of-the-server"));
        QCOMPARE(link->identity, fingerprintOf(bench.me));
        QCOMPARE(link->serverKey, Bytes(32, 'p'));
    }
    void aTokenThatLeadsElsewhereMakesNoLink()
    {
        SyncBench bench;
        bench.goOnline();
        Invites invites(*bench.context);
        std::optional<Result<OwnInvite>> made;
        invites.create({}, [&](const Result<OwnInvite>& result) { made = result; });
        QVERIFY(bench.server.hear<wire::CreateInviteRequest>(wire::CREATE_INVITE));
        wire::CreateInviteResponse answer;
        answer.set_token("a-token&s=" + toBase64Url(Bytes(32, 'e')));
        QVERIFY(bench.server.answer(answer) && made && !made->ok());
    }
    void oneIsRevokedByLinkOrId()
    {
        SyncBench bench;
        bench.goOnline();
        Invites invites(*bench.context);
        for (const char* named : {"kith://chat.example/i#t=the-token", "the-token"}) {
            std::optional<Result<void>> done;
            invites.revoke(named, [&](const Result<void>& result) { done = result; });
            const auto asked = bench.server.hear<wire::RevokeInviteRequest>(wire::REVOKE_INVITE);
            QVERIFY(asked && asked->token() == "the-token");
            QVERIFY(bench.server.answer(wire::RevokeInviteResponse()) && done && done->ok());
        }
    }
};

QTEST_GUILESS_MAIN(InviteesTest)
#include "InviteesTest.moc"
