#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Finding people without learning who exists.
class PeopleTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHandleFindsExactly();
    void hiddenBlockedAndAbsentAnswerAlike();
    void byIdOnlyWithAConversation();
    void lookUpsAreLimited();
    void privacyIsKept();

private:
    Result<FoundPerson> find(ChatWorld& world, const TestPerson& who, const Bytes& handle);
};

Result<FoundPerson> PeopleTest::find(ChatWorld& world, const TestPerson& who, const Bytes& handle)
{
    return world.wait<FoundPerson>(
        [&](Done<FoundPerson> done) { world.chat().people.find(world.caller(who), handle, std::move(done)); });
}

void PeopleTest::aHandleFindsExactly()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob.b");
    const auto found = find(world, ana, "BOB.b");
    QVERIFY(found.ok() && found->user == bob.user);
    QCOMPARE(found->handle, Bytes("bob.b"));
    QVERIFY(found->manifest == static_cast<const SignedManifest&>(bob.manifest));
    QVERIFY(find(world, ana, "bob").error().is(ChatError::NotFound));
    QVERIFY(find(world, ana, "b").error().is(ChatError::Invalid));
    QVERIFY(find(world, ana, "bob.b ").error().is(ChatError::Invalid));
}

void PeopleTest::hiddenBlockedAndAbsentAnswerAlike()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson cem = world.person("cem");
    QVERIFY(world.wait<void>([&](Done<void> done) {
        world.chat().people.setPrivacy(world.caller(bob), {true, true, false}, std::move(done));
    }));
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().people.block(world.caller(cem), ana.user, std::move(done)); }));
    const Error absent = find(world, ana, "nobody").error();
    for (const char* handle : {"bob", "cem"}) {
        const Error error = find(world, ana, handle).error();
        QCOMPARE(error.describe(), absent.describe());
        QVERIFY(error.payload == absent.payload && error.retryAfter == absent.retryAfter);
    }
    QVERIFY2(find(world, cem, "ana").ok(), "who blocks can find the blocked, to unblock");
    QVERIFY2(find(world, bob, "bob").ok(), "oneself");
}

void PeopleTest::byIdOnlyWithAConversation()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const auto byId = [&](UserId user) {
        return world.wait<FoundPerson>(
            [&](Done<FoundPerson> done) { world.chat().people.find(world.caller(ana), user, std::move(done)); });
    };
    QCOMPARE(byId(bob.user).error().describe(), byId(world.random.id<UserId>()).error().describe());
    (void)world.conversation(bob, ana, false);
    QCOMPARE(byId(bob.user)->handle, Bytes("bob"));
}

void PeopleTest::lookUpsAreLimited()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    world.rates.on = true;
    int allowed = 0;
    for (int minute = 0; minute < 60; ++minute) {
        while (!find(world, ana, "nobody").error().is(ChatError::RateLimited))
            ++allowed;
        world.clock.advance(std::chrono::minutes(1));
    }
    QVERIFY(allowed <= 30);
    QVERIFY(allowed >= 29);
}

void PeopleTest::privacyIsKept()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    QVERIFY(world.wait<void>([&](Done<void> done) {
        world.chat().people.setPrivacy(world.caller(ana), {false, true, false}, std::move(done));
    }));
    world.restart();
    const auto privacy = world.wait<Privacy>(
        [&](Done<Privacy> done) { world.chat().people.privacy(world.caller(ana), std::move(done)); });
    QVERIFY(privacy.ok() && !privacy->readReceipts && privacy->showPresence && !privacy->findable);
}

QTEST_GUILESS_MAIN(PeopleTest)
#include "PeopleTest.moc"
