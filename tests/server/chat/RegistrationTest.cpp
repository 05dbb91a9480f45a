#include "server/chat/accounts/InviteRules.h"
#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Accounts, handles, invites; what a crash at any step of a registration leaves behind.
class RegistrationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOpenServerRegistersAnybody();
    void repeatingARegistrationSucceedsAgain();
    void handlesAreFoldedAndTakenOnce();
    void wrongFormsAreRefused_data();
    void wrongFormsAreRefused();
    void keysMustBePossessed();
    void aTakenUserIdIsRefused();
    void aUserIdThatIsAConversationIsRefused();
    void aClosedServerAsksForAnInvite();
    void invitesSayWhyTheyDoNotWork();
    void anInviteWithTwoUsesMakesTwoAccounts();
    void twoWhoRaceForAHandleGetOne();
    void twoWhoRaceForAnInviteGetOne();
    void aReservedHandleWaitsForItsInvite();
    void aReservedHandleIsFreeWhenItsInviteDies();
    void reservingAgainReplacesTheInvite();
    void peopleMakeAndRevokeTheirOwnInvites();
    void whoComesByAnInviteLearnsWhoseItIs();
    void theOperatorListsInvitesAndAccounts();
    void aCrashAtAnyStepLosesNothing_data();
    void aCrashAtAnyStepLosesNothing();

private:
    CreatedInvite invite(ChatWorld& world, InviteRequest request = {});
};

CreatedInvite RegistrationTest::invite(ChatWorld& world, InviteRequest request)
{
    const auto created = world.wait<CreatedInvite>([&](Done<CreatedInvite> done) {
        world.chat().accounts.createInvite(world.executor, request, std::move(done));
    });
    return created.ok() ? *created : CreatedInvite{};
}

void RegistrationTest::anOpenServerRegistersAnybody()
{
    ChatWorld world;
    TestPerson ana(world.random, "ana");
    const auto registered = world.tryRegister(ana);
    QVERIFY(registered.ok());
    QVERIFY(registered->user == ana.user);
    QCOMPARE(registered->handle, Bytes("ana"));
    QVERIFY(registered->accountLog == *LogId::fromBytes(ana.user.view()));
    QCOMPARE(world.accountRecords(ana), std::vector<Bytes>{"devices 1"});
}

void RegistrationTest::repeatingARegistrationSucceedsAgain()
{
    ChatWorld world;
    world.config.registrationOpen = false;
    world.restart();
    TestPerson ana(world.random, "ana");
    const Bytes token = invite(world).token;
    QVERIFY(world.tryRegister(ana, token).ok());
    QVERIFY(world.tryRegister(ana, token).ok());
}

void RegistrationTest::handlesAreFoldedAndTakenOnce()
{
    ChatWorld world;
    TestPerson ana(world.random, "Ana.Maria");
    QCOMPARE(world.tryRegister(ana)->handle, Bytes("ana.maria"));
    TestPerson other(world.random, "aNA.maria");
    const auto refused = world.tryRegister(other);
    QVERIFY(!refused.ok() && refused.error().is(ChatError::Denied));
    QVERIFY(refused.error().detail.find("taken") != std::string::npos);
    // The refused registration left nothing behind: another name works.
    other.handle = "maria";
    QVERIFY(world.tryRegister(other).ok());
}

void RegistrationTest::wrongFormsAreRefused_data()
{
    QTest::addColumn<int>("what");
    for (int what = 0; what < 14; ++what)
        QTest::addRow("%d", what) << what;
}

void RegistrationTest::wrongFormsAreRefused()
{
    QFETCH(int, what);
    ChatWorld world;
    TestPerson ana(world.random, "ana");
    TestDevice second(world.random);
    RegisterRequest request = world.registration(ana);
    const auto signAgain = [&] { signManifest(request.manifest, ana.identity, ana.devices[0].signing); };
    switch (what) {
    case 0:
        request.manifest.version = 2;
        signAgain();
        break;
    case 1:
        request.manifest.previousHash = Bytes(32, 'x');
        signAgain();
        break;
    case 2:
        request.manifest.revoked.push_back(second.id);
        signAgain();
        break;
    case 3:
        request.manifest.devices.push_back(certify(ana, second));
        signAgain();
        break;
    case 4:
        request.manifest.devices.clear();
        signAgain();
        break;
    case 5:
        request.manifest.author = second.id;
        signAgain();
        break;
    case 6:
        request.manifest.devices[0].signature[3] ^= 1;
        signAgain();
        break;
    case 7:
        request.manifest.identitySignature[0] ^= 1;
        break;
    case 8:
        request.manifest.deviceSignature.clear();
        break;
    case 9:
        request.keys.signedPreKey.reset();
        break;
    case 10:
        request.keys.signedPreKey->signature[5] ^= 1;
        break;
    case 11:
        request.keys.oneTimePreKeys[1].id = request.keys.oneTimePreKeys[0].id;
        break;
    case 12:
        request.keys.oneTimePreKeys.resize(101, {0, Bytes(32, 'k')});
        break;
    case 13:
        request.manifest.manifest.resize(20'000);
        break;
    }
    const auto refused = world.wait<Registered>([&](Done<Registered> done) {
        world.chat().accounts.registerAccount(world.executor, request, std::move(done));
    });
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().domain == "chat" && !refused.error().is(ChatError::Internal));
    QVERIFY(world.tryRegister(ana).ok());
}

void RegistrationTest::keysMustBePossessed()
{
    ChatWorld world;
    TestPerson ana(world.random, "ana");
    for (int what = 0; what < 4; ++what) {
        RegisterRequest request = world.registration(ana);
        if (what == 0)
            request.identityProof = request.deviceProof;
        else if (what == 1)
            request.deviceProof = request.identityProof;
        else if (what == 2)
            request.challenge = world.random.bytes(32);
        else
            request.handle = "eve";
        const auto refused = world.wait<Registered>([&](Done<Registered> done) {
            world.chat().accounts.registerAccount(world.executor, request, std::move(done));
        });
        QVERIFY(!refused.ok() && refused.error().is(ChatError::Unauthenticated));
    }
}

void RegistrationTest::aTakenUserIdIsRefused()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    TestPerson eve(world.random, "eve");
    eve.user = ana.user;
    eve.manifest = {};
    eve.manifest = eve.nextManifest({&eve.devices[0]}, {}, eve.devices[0]);
    const auto refused = world.tryRegister(eve);
    QVERIFY(!refused.ok() && refused.error().is(ChatError::Denied));
    eve = TestPerson(world.random, "eve");
    QVERIFY2(world.tryRegister(eve).ok(), "the handle of the refused registration is free");
}

void RegistrationTest::aUserIdThatIsAConversationIsRefused()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    TestPerson eve(world.random, "eve");
    eve.user = *UserId::fromBytes(log.view());
    eve.manifest = {};
    eve.manifest = eve.nextManifest({&eve.devices[0]}, {}, eve.devices[0]);
    const auto refused = world.tryRegister(eve);
    QVERIFY(!refused.ok() && refused.error().is(ChatError::Denied));
    QVERIFY(!world.page(eve, log).ok());
}

void RegistrationTest::aClosedServerAsksForAnInvite()
{
    ChatWorld world;
    world.config.registrationOpen = false;
    world.restart();
    TestPerson ana(world.random, "ana");
    const auto refused = world.tryRegister(ana);
    QVERIFY(!refused.ok() && refused.error().is(ChatError::Denied));
    QVERIFY(refused.error().detail.find("invite") != std::string::npos);
    QVERIFY(world.tryRegister(ana, invite(world).token).ok());
}

void RegistrationTest::invitesSayWhyTheyDoNotWork()
{
    ChatWorld world;
    const auto reason = [&](const Bytes& token) {
        TestPerson person(world.random, "eve");
        const auto refused = world.tryRegister(person, token);
        return refused.ok() ? std::string("accepted") : refused.error().detail;
    };
    const Bytes used = invite(world).token;
    TestPerson ana(world.random, "ana");
    QVERIFY(world.tryRegister(ana, used).ok());
    QVERIFY(reason(used).find("used") != std::string::npos);

    InviteRequest brief;
    brief.lifetime = Millis{1000};
    const Bytes expired = invite(world, brief).token;
    world.clock.advance(Millis{1000});
    QVERIFY(reason(expired).find("expired") != std::string::npos);

    const Bytes revoked = invite(world).token;
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().accounts.revokeInvite(world.executor, {}, revoked, std::move(done)); }));
    QVERIFY(reason(revoked).find("revoked") != std::string::npos);
    QVERIFY(reason("nonsense").find("does not exist") != std::string::npos);
}

void RegistrationTest::anInviteWithTwoUsesMakesTwoAccounts()
{
    ChatWorld world;
    InviteRequest two;
    two.uses = 2;
    const Bytes token = invite(world, two).token;
    TestPerson a(world.random, "ana");
    TestPerson b(world.random, "bob");
    TestPerson c(world.random, "cem");
    QVERIFY(world.tryRegister(a, token).ok());
    QVERIFY(world.tryRegister(b, token).ok());
    QVERIFY(!world.tryRegister(c, token).ok());
}

void RegistrationTest::twoWhoRaceForAHandleGetOne()
{
    ChatWorld world;
    TestPerson a(world.random, "ana");
    TestPerson b(world.random, "ana");
    int accepted = 0;
    int answered = 0;
    for (TestPerson* person : {&a, &b}) {
        world.chat().accounts.registerAccount(world.executor, world.registration(*person),
                                              [&](const Result<Registered>& result) {
                                                  accepted += result.ok() ? 1 : 0;
                                                  ++answered;
                                              });
    }
    world.run();
    QCOMPARE(answered, 2);
    QCOMPARE(accepted, 1);
}

void RegistrationTest::twoWhoRaceForAnInviteGetOne()
{
    ChatWorld world;
    world.config.registrationOpen = false;
    world.restart();
    const Bytes token = invite(world).token;
    TestPerson a(world.random, "ana");
    TestPerson b(world.random, "bob");
    int accepted = 0;
    for (TestPerson* person : {&a, &b}) {
        world.chat().accounts.registerAccount(
            world.executor, world.registration(*person, token),
            [&](const Result<Registered>& result) { accepted += result.ok() ? 1 : 0; });
    }
    world.run();
    QCOMPARE(accepted, 1);
}

void RegistrationTest::aReservedHandleWaitsForItsInvite()
{
    ChatWorld world;
    InviteRequest forAna;
    forAna.handle = "Ana";
    const Bytes token = invite(world, forAna).token;
    QVERIFY(!token.empty());
    TestPerson eve(world.random, "ana");
    QVERIFY(!world.tryRegister(eve).ok());
    QVERIFY(!world.tryRegister(eve, invite(world).token).ok());
    eve.handle = "eve";
    const auto wrongName = world.tryRegister(eve, token);
    QVERIFY(!wrongName.ok());
    QVERIFY(wrongName.error().detail.find("\"ana\"") != std::string::npos);
    TestPerson ana(world.random, "ana");
    QVERIFY(world.tryRegister(ana, token).ok());
}

void RegistrationTest::aReservedHandleIsFreeWhenItsInviteDies()
{
    ChatWorld world;
    InviteRequest forAna;
    forAna.handle = "ana";
    forAna.lifetime = Millis{60'000};
    QVERIFY(!invite(world, forAna).token.empty());
    world.clock.advance(Millis{60'000});
    TestPerson ana(world.random, "ana");
    QVERIFY(world.tryRegister(ana).ok());
}

void RegistrationTest::reservingAgainReplacesTheInvite()
{
    ChatWorld world;
    InviteRequest forAna;
    forAna.handle = "ana";
    const Bytes first = invite(world, forAna).token;
    const Bytes second = invite(world, forAna).token;
    TestPerson ana(world.random, "ana");
    const auto refused = world.tryRegister(ana, first);
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().detail.find("revoked") != std::string::npos);
    QVERIFY(world.tryRegister(ana, second).ok());
    QVERIFY2(invite(world, forAna).token.empty(), "a taken name cannot be reserved");
}

void RegistrationTest::peopleMakeAndRevokeTheirOwnInvites()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    InviteRequest own;
    own.creator = ana.user;
    const Bytes token = invite(world, own).token;
    QVERIFY(!token.empty());
    const auto revoke = [&](UserId user) {
        return world.wait<void>(
            [&](Done<void> done) { world.chat().accounts.revokeInvite(world.executor, user, token, std::move(done)); });
    };
    QVERIFY(revoke(bob.user).error().is(ChatError::NotFound));
    QVERIFY(revoke(ana.user).ok());
    own.handle = "cem";
    QVERIFY2(invite(world, own).token.empty(), "only the operator reserves names");
    own.handle.clear();
    own.uses = 100'000;
    QVERIFY(invite(world, own).token.empty());
    world.config.usersInvite = false;
    world.restart();
    own.uses = 1;
    QVERIFY(invite(world, own).token.empty());
}

void RegistrationTest::whoComesByAnInviteLearnsWhoseItIs()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    QVERIFY(world.link(ana).ok());
    InviteRequest own;
    own.creator = ana.user;
    const CreatedInvite made = invite(world, own);
    QCOMPARE(made.id, toHex(inviteHash(made.token)));
    TestPerson bob(world.random, "bob");
    for (int call = 0; call < 2; ++call) { // repeated, where the answer was lost
        const auto registered = world.tryRegister(bob, made.token);
        QVERIFY(registered.ok() && registered->inviter);
        QVERIFY(registered->inviter->user == ana.user);
        QCOMPARE(registered->inviter->handle, Bytes("ana"));
        QVERIFY(registered->inviter->manifest == ana.manifest);
    }
    TestPerson cem(world.random, "cem");
    QVERIFY(!world.tryRegister(cem, invite(world).token)->inviter);
    TestPerson eve(world.random, "eve");
    QVERIFY(!world.tryRegister(eve)->inviter);
}

void RegistrationTest::theOperatorListsInvitesAndAccounts()
{
    ChatWorld world;
    TestPerson bob = world.person("bob");
    TestPerson ana(world.random, "ana");
    const Bytes token = invite(world).token;
    QVERIFY(world.tryRegister(ana, token).ok());
    const auto accounts = world.wait<std::vector<Account>>(
        [&](Done<std::vector<Account>> done) { world.chat().accounts.listAccounts(world.executor, std::move(done)); });
    QCOMPARE(accounts->size(), std::size_t{2});
    QCOMPARE(accounts->front().handle, Bytes("ana"));
    const auto list = [&] {
        return world.wait<std::vector<InviteView>>([&](Done<std::vector<InviteView>> done) {
            world.chat().accounts.listInvites(world.executor, std::move(done));
        });
    };
    QCOMPARE(list()->size(), std::size_t{1});
    QVERIFY(list()->front().state == InviteState::Used);
    QVERIFY2(list()->front().id.find(token) == std::string::npos, "the id gives no token away");
    const Bytes open = invite(world).token;
    QCOMPARE(list()->size(), std::size_t{2});
    std::string id;
    const auto views = list();
    for (const InviteView& view : *views)
        id = view.state == InviteState::Open ? view.id : id;
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().accounts.revokeInvite(world.executor, {}, id, std::move(done)); }));
    TestPerson cem(world.random, "cem");
    QVERIFY(!world.tryRegister(cem, open).ok());
}

void RegistrationTest::aCrashAtAnyStepLosesNothing_data()
{
    QTest::addColumn<bool>("reserved");
    QTest::addRow("any handle") << false;
    QTest::addRow("reserved handle") << true;
}

/// Kills the machine before each step in turn until one registration gets through undisturbed.
void RegistrationTest::aCrashAtAnyStepLosesNothing()
{
    QFETCH(bool, reserved);
    bool undisturbed = false;
    std::size_t step = 0;
    for (; !undisturbed; ++step) {
        QVERIFY2(step < 100, "the registration never got through");
        ChatWorld world(MemoryKv::Buckets::Apart);
        world.config.registrationOpen = false;
        world.restart();
        InviteRequest request;
        if (reserved)
            request.handle = "ana";
        const Bytes token = invite(world, request).token;
        TestPerson ana(world.random, "ana");
        world.crashAfter(step);
        const auto first = world.tryRegister(ana, token);
        undisturbed = !world.disk.isDead();
        world.restart();

        // What was acknowledged is there; what was not is there whole or not at all.
        const auto account = world.storage().get({bucketOf(ana.user.view()), Table::Account, ana.user.bytes()});
        QVERIFY(!first.ok() || account->has_value());
        TestPerson eve(world.random, "ana");
        if (account->has_value()) {
            QVERIFY(world.tryRegister(ana, token).ok());
            QVERIFY2(!world.tryRegister(eve, token).ok(), "neither name nor invite is given twice");
        } else {
            QVERIFY2(world.tryRegister(eve, token).ok(), "both name and invite are free again");
            QVERIFY(!world.tryRegister(ana, token).ok());
        }
    }
    QVERIFY2(step > 7, "seven transactions, each with at least one step");
}

QTEST_GUILESS_MAIN(RegistrationTest)
#include "RegistrationTest.moc"
