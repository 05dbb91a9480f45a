#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Typing and presence: who sees them, how often, and when they end by themselves.
class PresenceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void typingReachesTheOther();
    void typingIsThrottled();
    void typingNeedsAnAcceptedConversation();
    void typingNeverPassesABlockOrPrivacy();
    void watchersSeeComingAndGoing();
    void changesAreCoalesced();
    void severalDevicesAreOnePerson();
    void leasesEnd();
    void strangersRequestsAndBlocksShowNothing();
    void whoHidesSeesNone();
    void aBlockEndsAWatch();
    void lastSeenIsAnHour();
    void watchingIsBounded();

private:
    Result<void> typing(ChatWorld& world, const TestPerson& who, LogId log);
    void set(ChatWorld& world, const TestPerson& who, PresenceState state, std::size_t device = 0);
    Result<std::vector<PresenceView>> watch(ChatWorld& world, const TestPerson& who, std::vector<UserId> users);
    std::vector<PresenceView> seen(ChatWorld& world);
    void hide(ChatWorld& world, const TestPerson& who);
    void block(ChatWorld& world, const TestPerson& who, UserId user);
};

Result<void> PresenceTest::typing(ChatWorld& world, const TestPerson& who, LogId log)
{
    return world.wait<void>(
        [&](Done<void> done) { world.chat().presence.typing(world.caller(who), log, true, std::move(done)); });
}

void PresenceTest::set(ChatWorld& world, const TestPerson& who, PresenceState state, std::size_t device)
{
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().presence.set(world.caller(who, device), state, std::move(done)); }));
}

Result<std::vector<PresenceView>> PresenceTest::watch(ChatWorld& world, const TestPerson& who,
                                                      std::vector<UserId> users)
{
    return world.wait<std::vector<PresenceView>>([&](Done<std::vector<PresenceView>> done) {
        world.chat().presence.watch(world.caller(who), std::move(users), std::move(done));
    });
}

std::vector<PresenceView> PresenceTest::seen(ChatWorld& world)
{
    world.chat().tick();
    std::vector<PresenceView> views;
    for (const auto& told : world.told<PresenceSeen>())
        views.push_back(told.event.presence);
    return views;
}

void PresenceTest::hide(ChatWorld& world, const TestPerson& who)
{
    QVERIFY(world.wait<void>([&](Done<void> done) {
        world.chat().people.setPrivacy(world.caller(who), {true, false, true}, std::move(done));
    }));
}

void PresenceTest::block(ChatWorld& world, const TestPerson& who, UserId user)
{
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().people.block(world.caller(who), user, std::move(done)); }));
}

void PresenceTest::typingReachesTheOther()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.connect(ana);
    world.connect(bob);
    QVERIFY(typing(world, ana, log).ok());
    const auto told = world.told<TypingSeen>();
    QCOMPARE(told.size(), std::size_t{1});
    QVERIFY(told[0].users == std::vector<UserId>{bob.user});
    QVERIFY(told[0].event.user == ana.user && told[0].event.log == log && told[0].event.typing);
}

void PresenceTest::typingIsThrottled()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.connect(ana);
    world.connect(bob);
    for (int i = 0; i < 10; ++i)
        QVERIFY(typing(world, ana, log).ok());
    QVERIFY(typing(world, bob, log).ok());
    QCOMPARE(world.told<TypingSeen>().size(), std::size_t{2});
    world.clock.advance(Millis{2999});
    QVERIFY(typing(world, ana, log).ok());
    QVERIFY(world.told<TypingSeen>().empty());
    world.clock.advance(Millis{1});
    QVERIFY(typing(world, ana, log).ok());
    QCOMPARE(world.told<TypingSeen>().size(), std::size_t{1});
}

void PresenceTest::typingNeedsAnAcceptedConversation()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson eve = world.person("eve");
    const LogId log = world.conversation(ana, bob, false);
    world.connect(ana);
    world.connect(bob);
    QVERIFY(typing(world, ana, log).ok());
    QVERIFY(typing(world, bob, log).error().is(ChatError::Denied));
    QVERIFY(typing(world, eve, log).error().is(ChatError::NotFound));
    QVERIFY(world.told<TypingSeen>().empty());
}

void PresenceTest::typingNeverPassesABlockOrPrivacy()
{
    for (int what = 0; what < 4; ++what) {
        ChatWorld world;
        const TestPerson ana = world.person("ana");
        const TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        world.connect(ana);
        world.connect(bob);
        if (what == 0)
            block(world, ana, bob.user);
        else if (what == 1)
            block(world, bob, ana.user);
        else
            hide(world, what == 2 ? ana : bob);
        QVERIFY(typing(world, ana, log).ok());
        QVERIFY(world.told<TypingSeen>().empty());
    }
}

void PresenceTest::watchersSeeComingAndGoing()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(ana, bob);
    world.connect(ana);
    const auto now = watch(world, ana, {bob.user});
    QVERIFY(now.ok() && now->size() == 1);
    QVERIFY((*now)[0].user == bob.user && (*now)[0].state == PresenceState::Offline);
    set(world, bob, PresenceState::Online);
    auto views = seen(world);
    QCOMPARE(views.size(), std::size_t{1});
    QVERIFY(views[0].state == PresenceState::Online);
    QVERIFY((*watch(world, ana, {bob.user}))[0].state == PresenceState::Online);
    world.chat().presence.gone(world.caller(bob));
    views = seen(world);
    QVERIFY(views.size() == 1 && views[0].state == PresenceState::Offline);
    world.chat().presence.gone(world.caller(ana));
    set(world, bob, PresenceState::Online);
    QVERIFY2(seen(world).empty(), "a connection that went watches nobody");
}

void PresenceTest::changesAreCoalesced()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(ana, bob);
    world.connect(ana);
    QVERIFY(watch(world, ana, {bob.user}).ok());
    for (int i = 0; i < 20; ++i)
        set(world, bob, i % 2 == 0 ? PresenceState::Online : PresenceState::Away);
    const auto views = seen(world);
    QCOMPARE(views.size(), std::size_t{1});
    QVERIFY(views[0].state == PresenceState::Away);
    set(world, bob, PresenceState::Online);
    set(world, bob, PresenceState::Away);
    QVERIFY2(seen(world).empty(), "nothing changed in the end");
}

void PresenceTest::severalDevicesAreOnePerson()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    (void)world.conversation(ana, bob);
    QVERIFY(world.link(bob).ok());
    world.connect(ana);
    QVERIFY(watch(world, ana, {bob.user}).ok());
    set(world, bob, PresenceState::Away, 0);
    set(world, bob, PresenceState::Online, 1);
    QVERIFY(seen(world)[0].state == PresenceState::Online);
    world.chat().presence.gone(world.caller(bob, 1));
    QVERIFY(seen(world)[0].state == PresenceState::Away);
}

void PresenceTest::leasesEnd()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(ana, bob);
    world.connect(ana);
    QVERIFY(watch(world, ana, {bob.user}).ok());
    set(world, bob, PresenceState::Online);
    QCOMPARE(seen(world).size(), std::size_t{1});
    world.clock.advance(world.config.limits.presenceLease - Millis{1});
    world.chat().presence.seen(bob.user, bob.devices[0].id);
    world.clock.advance(world.config.limits.presenceLease - Millis{1});
    QVERIFY(seen(world).empty());
    world.clock.advance(Millis{1});
    const auto views = seen(world);
    QVERIFY(views.size() == 1 && views[0].state == PresenceState::Offline);
}

void PresenceTest::strangersRequestsAndBlocksShowNothing()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson cem = world.person("cem");
    const TestPerson dia = world.person("dia");
    (void)world.conversation(ana, cem, false);
    (void)world.conversation(ana, dia);
    block(world, dia, ana.user);
    for (const TestPerson* person : {&bob, &cem, &dia})
        set(world, *person, PresenceState::Online);
    world.connect(ana);
    const auto views = watch(world, ana, {bob.user, cem.user, dia.user, world.random.id<UserId>()});
    QCOMPARE(views->size(), std::size_t{4});
    for (const PresenceView& view : *views)
        QVERIFY(view.state == PresenceState::Unknown && view.lastSeenHour == 0);
    for (const TestPerson* person : {&bob, &cem, &dia})
        set(world, *person, PresenceState::Away);
    QVERIFY(seen(world).empty());
}

void PresenceTest::whoHidesSeesNone()
{
    for (int what = 0; what < 2; ++what) {
        ChatWorld world;
        const TestPerson ana = world.person("ana");
        const TestPerson bob = world.person("bob");
        (void)world.conversation(ana, bob);
        world.connect(ana);
        hide(world, what == 0 ? ana : bob);
        QVERIFY((*watch(world, ana, {bob.user}))[0].state == PresenceState::Unknown);
        set(world, bob, PresenceState::Online);
        QVERIFY(seen(world).empty());
    }
}

void PresenceTest::aBlockEndsAWatch()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(ana, bob);
    world.connect(ana);
    QVERIFY(watch(world, ana, {bob.user}).ok());
    block(world, bob, ana.user);
    set(world, bob, PresenceState::Online);
    QVERIFY(seen(world).empty());
}

void PresenceTest::lastSeenIsAnHour()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    (void)world.conversation(ana, bob);
    world.clock.advance(std::chrono::minutes(90));
    set(world, bob, PresenceState::Online);
    const auto hour = static_cast<std::uint64_t>(toMillis(world.clock.wall()) / 3'600'000);
    QCOMPARE((*watch(world, ana, {bob.user}))[0].lastSeenHour, hour);
    world.chat().presence.gone(world.caller(bob));
    world.restart();
    world.clock.advance(std::chrono::hours(5));
    const auto views = watch(world, ana, {bob.user});
    QCOMPARE((*views)[0].lastSeenHour, hour);
    QVERIFY((*views)[0].state == PresenceState::Offline);
}

void PresenceTest::watchingIsBounded()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    QVERIFY(watch(world, ana, std::vector<UserId>(501, ana.user)).error().is(ChatError::TooLarge));
    const auto wrong = world.wait<void>([&](Done<void> done) {
        world.chat().presence.set(world.caller(ana), static_cast<PresenceState>(9), std::move(done));
    });
    QVERIFY(wrong.error().is(ChatError::Invalid));
}

QTEST_GUILESS_MAIN(PresenceTest)
#include "PresenceTest.moc"
