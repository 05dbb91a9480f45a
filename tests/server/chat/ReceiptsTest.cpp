#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// What an Ack may move, and who learns of it.
class ReceiptsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void marksReachTheOthersAtOnce();
    void theAnswerComesWhenItIsDurable();
    void marksAreTheHighestOverDevices();
    void anUnopenedEntryDoesNotTurnItsTick();
    void ownUnopenedEntriesHoldNothingBack();
    void privateReadMarksNeverLeave();
    void privacyHidesOldReadMarksToo();
    void nothingLeavesBeforeARequestIsAccepted();
    void nothingPassesABlock();
    void wrongStatementsAreRefused();
    void aClonedDeviceIsTold();
    void anotherGenerationIsTold();

private:
    Mark markOf(ChatWorld& world, LogId log, const TestPerson& person);
    void setPrivacy(ChatWorld& world, const TestPerson& person, Privacy privacy);
};

Mark ReceiptsTest::markOf(ChatWorld& world, LogId log, const TestPerson& person)
{
    const auto marks = world.storage().marks(log);
    for (const Mark& mark : marks->members) {
        if (mark.user == person.user)
            return mark;
    }
    return {};
}

void ReceiptsTest::setPrivacy(ChatWorld& world, const TestPerson& person, Privacy privacy)
{
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().people.setPrivacy(world.caller(person), privacy, std::move(done)); }));
}

void ReceiptsTest::marksReachTheOthersAtOnce()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    world.connect(ana);
    QVERIFY(world.ack(bob, log, 2, 2, 0).ok());
    const auto first = world.told<MarksMoved>();
    QCOMPARE(first.size(), std::size_t{1});
    QVERIFY(first[0].event.log == log && first[0].event.marks.members[0].delivered.value() == 2);
    QCOMPARE(first[0].event.marks.members[0].read.value(), std::uint64_t{0});
    QVERIFY(world.ack(bob, log, 2, 2, 2).ok());
    const auto second = world.told<MarksMoved>();
    QCOMPARE(second[0].event.marks.members[0].read.value(), std::uint64_t{2});
    QVERIFY(second[0].event.marks.revision > first[0].event.marks.revision);
    QVERIFY(world.ack(bob, log, 2, 1, 1).ok());
    QVERIFY2(world.told<MarksMoved>().empty(), "monotone: lower values change nothing");
}

void ReceiptsTest::theAnswerComesWhenItIsDurable()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation generation = world.send(ana, bob, log, "x")->accepted.generation;
    bool applied = false;
    bool durable = false;
    const Seq two{std::uint64_t{2}};
    world.chat().receipts.ack(
        world.caller(bob), {log, generation, two, two, two, {}, {}},
        [&](const Result<void>& result) { applied = result.ok(); },
        [&](const Result<void>& result) { durable = result.ok(); });
    world.run();
    QVERIFY(applied && !durable);
    QVERIFY2(world.send(ana, bob, log, "y").ok() && durable, "it rides on the next group commit");
}

void ReceiptsTest::marksAreTheHighestOverDevices()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.link(bob).ok());
    for (int i = 0; i < 3; ++i)
        QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.ack(bob, log, 4, 4, 2, {}, 0).ok());
    QVERIFY(world.ack(bob, log, 3, 3, 3, {}, 1).ok());
    QCOMPARE(markOf(world, log, bob).delivered.value(), std::uint64_t{4});
    QCOMPARE(markOf(world, log, bob).read.value(), std::uint64_t{3});
    QVERIFY(world.revoke(bob, 0).ok());
    QVERIFY2(markOf(world, log, bob).delivered.value() == 4, "marks never fall when a device is removed");
}

void ReceiptsTest::anUnopenedEntryDoesNotTurnItsTick()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    for (int i = 0; i < 4; ++i)
        QVERIFY(world.send(ana, bob, log, "x").ok());
    const Seq third{std::uint64_t{3}};
    QVERIFY(world.ack(bob, log, 5, 5, 5, {third}).ok());
    QCOMPARE(markOf(world, log, bob).delivered.value(), std::uint64_t{2});
    QCOMPARE(markOf(world, log, bob).read.value(), std::uint64_t{2});
    QCOMPARE(world.storage().cursor(log, bob.user, bob.devices[0].id)->value(), std::uint64_t{5});
    QVERIFY(world.ack(bob, log, 5, 5, 5).ok());
    QCOMPARE(markOf(world, log, bob).delivered.value(), std::uint64_t{5});
}

void ReceiptsTest::ownUnopenedEntriesHoldNothingBack()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.link(bob).ok());
    QVERIFY(world.send(bob, ana, log, "from the other device").ok());
    QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.ack(bob, log, 3, 3, 0, {Seq{std::uint64_t{2}}}, 1).ok());
    QCOMPARE(markOf(world, log, bob).delivered.value(), std::uint64_t{3});
}

void ReceiptsTest::privateReadMarksNeverLeave()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    setPrivacy(world, bob, {false, true, true});
    QVERIFY(world.send(ana, bob, log, "x").ok());
    world.connect(ana);
    QVERIFY(world.ack(bob, log, 2, 2, 2).ok());
    QCOMPARE(markOf(world, log, bob).read.value(), std::uint64_t{0});
    const auto told = world.told<MarksMoved>();
    QCOMPARE(told[0].event.marks.members[0].delivered.value(), std::uint64_t{2});
    QCOMPARE(told[0].event.marks.members[0].read.value(), std::uint64_t{0});
}

void ReceiptsTest::privacyHidesOldReadMarksToo()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.ack(bob, log, 2, 2, 2).ok());
    setPrivacy(world, bob, {false, true, true});
    const auto page = world.page(ana, log);
    QCOMPARE(page->marks->members[0].read.value(), std::uint64_t{0});
    QCOMPARE(page->marks->members[0].delivered.value(), std::uint64_t{2});
}

void ReceiptsTest::nothingLeavesBeforeARequestIsAccepted()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob, false);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    world.connect(ana);
    (void)world.told<Hint>();
    QVERIFY(world.ack(bob, log, 1, 1, 1).ok());
    QVERIFY(world.told<MarksMoved>().empty());
    QVERIFY(!world.page(ana, log)->marks.has_value());
    QCOMPARE(world.storage().cursor(log, bob.user, bob.devices[0].id)->value(), std::uint64_t{1});
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().conversations.respond(world.caller(bob), log, true, std::move(done)); }));
    QVERIFY(world.ack(bob, log, 2, 1, 1).ok());
    QCOMPARE(world.told<MarksMoved>().size(), std::size_t{1});
}

void ReceiptsTest::nothingPassesABlock()
{
    for (int who = 0; who < 2; ++who) {
        ChatWorld world;
        TestPerson ana = world.person("ana");
        const TestPerson bob = world.person("bob");
        const LogId log = world.conversation(ana, bob);
        QVERIFY(world.send(ana, bob, log, "x").ok());
        world.connect(ana);
        const TestPerson& blocks = who == 0 ? bob : ana;
        const TestPerson& blocked = who == 0 ? ana : bob;
        QVERIFY(world.wait<void>(
            [&](Done<void> done) { world.chat().people.block(world.caller(blocks), blocked.user, std::move(done)); }));
        QVERIFY(world.ack(bob, log, 2, 2, 2).ok());
        QVERIFY(world.told<MarksMoved>().empty());
        QCOMPARE(markOf(world, log, bob).delivered.value(), std::uint64_t{0});
    }
}

void ReceiptsTest::wrongStatementsAreRefused()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson eve = world.person("eve");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.ack(bob, log, 3, 0, 0).error().is(ChatError::Invalid));
    QVERIFY(world.ack(eve, log, 1, 1, 1).error().is(ChatError::NotFound));
    QVERIFY(world.ack(bob, log, 2, 0, 0, std::vector<Seq>(65, Seq{std::uint64_t{1}})).error().is(ChatError::TooLarge));
    QVERIFY(world.ack(bob, log, 1, 99, 99).ok());
    QVERIFY2(markOf(world, log, bob).read.value() == 1, "a mark ends at the cursor");
}

void ReceiptsTest::aClonedDeviceIsTold()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.ack(bob, log, 2, 2, 2).ok());
    const auto clone = world.ack(bob, log, 1, 1, 1);
    QVERIFY(clone.error().is(ChatError::Denied) && clone.error().detail.find("copy") != std::string::npos);
}

void ReceiptsTest::anotherGenerationIsTold()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation now = world.send(ana, bob, log, "x")->accepted.generation;
    int answers = 0;
    std::optional<Error> last;
    const auto keep = [&](const Result<void>& result) {
        ++answers;
        last = result.error();
    };
    const Seq one{std::uint64_t{1}};
    world.chat().receipts.ack(world.caller(bob), {log, now.next(), one, one, one, {}, {}}, keep, keep);
    world.run();
    QCOMPARE(answers, 2);
    QVERIFY(std::get<LogWasCut>(*conflictOf(*last)).generation == now);
}

QTEST_GUILESS_MAIN(ReceiptsTest)
#include "ReceiptsTest.moc"
