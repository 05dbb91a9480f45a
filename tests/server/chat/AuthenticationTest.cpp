#include "core/crypto/Sign.h"
#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Who a connection is: challenge, resume tokens, clones.
class AuthenticationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListedDeviceSignsIn();
    void wrongProofsAreRefused_data();
    void wrongProofsAreRefused();
    void anotherIncarnationIsACopy();
    void resumeSavesTheHandshake();
    void resumeTokensAreNotForged();
    void resumeTokensEnd();
    void anUnlinkedDeviceIsOut();
    void triesAreLimitedPerAddress();
    void strangersSpendNobodysTries();

private:
    AuthenticateRequest request(ChatWorld& world, const TestPerson& person, std::size_t device = 0);
    Result<SignedIn> authenticate(ChatWorld& world, const AuthenticateRequest& request);
    Result<SignedIn> resume(ChatWorld& world, const Bytes& token);
};

AuthenticateRequest AuthenticationTest::request(ChatWorld& world, const TestPerson& person, std::size_t device)
{
    const TestDevice& own = person.devices[device];
    AuthenticateRequest request{person.user, own.id, own.incarnation, {}, world.random.bytes(32), "127.0.0.1"};
    const Bytes statement = world.config.serverId + request.challenge + person.user.bytes() + own.id.bytes();
    request.signature = sign(own.signing.secretKey, authenticateLabel, statement).bytes();
    return request;
}

Result<SignedIn> AuthenticationTest::authenticate(ChatWorld& world, const AuthenticateRequest& request)
{
    return world.wait<SignedIn>([&](Done<SignedIn> done) {
        world.chat().authentication.authenticate(world.executor, request, std::move(done));
    });
}

Result<SignedIn> AuthenticationTest::resume(ChatWorld& world, const Bytes& token)
{
    return world.wait<SignedIn>(
        [&](Done<SignedIn> done) { world.chat().authentication.resume(world.executor, token, std::move(done)); });
}

void AuthenticationTest::aListedDeviceSignsIn()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const auto signedIn = authenticate(world, request(world, ana));
    QVERIFY(signedIn.ok());
    QVERIFY(signedIn->user == ana.user && signedIn->device == ana.devices[0].id);
    QCOMPARE(signedIn->oneTimePreKeys, 10U);
    QCOMPARE(signedIn->manifestVersion, std::uint64_t{1});
    QVERIFY(signedIn->serverTime == world.clock.wall());
}

void AuthenticationTest::wrongProofsAreRefused_data()
{
    QTest::addColumn<int>("what");
    for (int what = 0; what < 6; ++what)
        QTest::addRow("%d", what) << what;
}

void AuthenticationTest::wrongProofsAreRefused()
{
    QFETCH(int, what);
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    AuthenticateRequest wrong = request(world, ana);
    switch (what) {
    case 0:
        wrong.signature[0] ^= 1;
        break;
    case 1:
        wrong.challenge = world.random.bytes(32);
        break;
    case 2:
        wrong.challenge.clear();
        break;
    case 3:
        wrong.user = bob.user;
        break;
    case 4:
        wrong.device = world.random.id<DeviceId>();
        break;
    case 5:
        wrong.signature = request(world, bob).signature;
        break;
    }
    const auto refused = authenticate(world, wrong);
    QVERIFY(!refused.ok() && refused.error().is(ChatError::Unauthenticated));
    QCOMPARE(refused.error().detail, std::string("The device could not prove that it belongs to this account."));
}

void AuthenticationTest::anotherIncarnationIsACopy()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    AuthenticateRequest copy = request(world, ana);
    copy.incarnation = world.random.bytes(16);
    const auto refused = authenticate(world, copy);
    QVERIFY(!refused.ok() && refused.error().is(ChatError::Unauthenticated));
    QVERIFY(refused.error().detail.find("copy") != std::string::npos);
}

void AuthenticationTest::resumeSavesTheHandshake()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const Bytes token = authenticate(world, request(world, ana))->resumeToken;
    const auto resumed = resume(world, token);
    QVERIFY(resumed.ok());
    QVERIFY(resumed->user == ana.user && resumed->device == ana.devices[0].id);
    QCOMPARE(resumed->incarnation, ana.devices[0].incarnation);
    world.restart();
    QVERIFY2(resume(world, token).ok(), "tokens outlive the process: the key is the server's");
}

void AuthenticationTest::resumeTokensAreNotForged()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const Bytes token = authenticate(world, request(world, ana))->resumeToken;
    for (std::size_t at = 0; at < token.size(); ++at) {
        Bytes forged = token;
        forged[at] = static_cast<char>(forged[at] ^ 0x40);
        QVERIFY(!resume(world, forged).ok());
    }
    QVERIFY(!resume(world, {}).ok());
    QVERIFY(!resume(world, token + "x").ok());
    world.config.serverKey = Bytes(32, 'z');
    world.restart();
    QVERIFY2(!resume(world, token).ok(), "another server's token");
}

void AuthenticationTest::resumeTokensEnd()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const Bytes old = authenticate(world, request(world, ana))->resumeToken;
    world.clock.advance(world.config.limits.resumeLifetime);
    QVERIFY(resume(world, old).error().is(ChatError::Unauthenticated));

    const Bytes token = authenticate(world, request(world, ana))->resumeToken;
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().authentication.logout(world.caller(ana), std::move(done)); }));
    QVERIFY(resume(world, token).error().is(ChatError::Unauthenticated));
    world.clock.advance(Millis{10});
    QVERIFY(resume(world, authenticate(world, request(world, ana))->resumeToken).ok());
}

void AuthenticationTest::anUnlinkedDeviceIsOut()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    QVERIFY(world.link(ana).ok());
    const Bytes token = authenticate(world, request(world, ana, 1))->resumeToken;
    const AuthenticateRequest again = request(world, ana, 1);
    QVERIFY(world.revoke(ana, 1).ok());
    QVERIFY(resume(world, token).error().is(ChatError::Unauthenticated));
    const auto refused = authenticate(world, again);
    QVERIFY(refused.error().is(ChatError::Unauthenticated));
    QVERIFY(refused.error().detail.find("unlinked") != std::string::npos);
}

void AuthenticationTest::triesAreLimitedPerAddress()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    world.rates.on = true;
    AuthenticateRequest wrong = request(world, ana);
    wrong.device = world.random.id<DeviceId>();
    std::optional<Error> last;
    for (int i = 0; i < 301; ++i)
        last = authenticate(world, wrong).error();
    QVERIFY(last->is(ChatError::RateLimited) && last->retryAfter > Millis{0});
    wrong.address = "127.0.0.2";
    QVERIFY(authenticate(world, wrong).error().is(ChatError::Unauthenticated));
}

void AuthenticationTest::strangersSpendNobodysTries()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const Bytes token = authenticate(world, request(world, ana))->resumeToken;
    world.rates.on = true;
    AuthenticateRequest unknown = request(world, ana);
    unknown.device = world.random.id<DeviceId>();
    AuthenticateRequest forged = request(world, bob);
    forged.signature[0] ^= 1;
    for (const AuthenticateRequest& bogus : {unknown, forged}) {
        bool limited = false;
        for (int i = 0; i < 400 && !limited; ++i)
            limited = authenticate(world, bogus).error().is(ChatError::RateLimited);
        QVERIFY(limited);
    }
    // The same address, all tries of others spent: a device that can prove itself gets in, by either way.
    QVERIFY(authenticate(world, request(world, ana)).ok());
    QVERIFY(resume(world, token).ok());
    // Whoever knows Bob's ids spends what Bob has at that address, nowhere else; his token needs no try.
    QVERIFY(authenticate(world, request(world, bob)).error().is(ChatError::RateLimited));
    AuthenticateRequest elsewhere = request(world, bob);
    elsewhere.address = "127.0.0.2";
    QVERIFY(authenticate(world, elsewhere).ok());
    world.clock.advance(world.config.limits.rate(Rate::AuthenticatePerAddress).refill);
    QVERIFY(authenticate(world, request(world, bob)).ok());
}

QTEST_GUILESS_MAIN(AuthenticationTest)
#include "AuthenticationTest.moc"
