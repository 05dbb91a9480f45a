#include "tests/support/server/ChatWorld.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

/// Heads and pages as one device may see them.
class LogReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headsOfANewDeviceNameEverything();
    void headsPageThroughManyLogs();
    void aTokenNamesOnlyWhatMoved();
    void aTokenReachesBackOneHour();
    void cursorsAreStatedAndNeverFall();
    void aSendNumberThatWasAcceptedNeverFalls();
    void aCursorFallsInNoGeneration();
    void aDeviceAheadShowsThatTheServerWasPutBack();
    void declinedAndForeignLogsAreAbsent();
    void pagesHaveLimits();
    void anEmptyLogReadsAsEmpty();
    void belowTheFloorIsTrimmed();
    void aPositionOfAnOlderGenerationMeetsTheCut();
    void marksComeAlongWhenNewer();

private:
    Result<HeadsView> heads(ChatWorld& world, const TestPerson& who, HeadsRequest request = {});
    std::uint64_t hour(ChatWorld& world)
    {
        return static_cast<std::uint64_t>(toMillis(world.clock.wall()) / 3'600'000);
    }
};

Result<HeadsView> LogReaderTest::heads(ChatWorld& world, const TestPerson& who, HeadsRequest request)
{
    return world.wait<HeadsView>([&](Done<HeadsView> done) {
        world.chat().reader.heads(world.caller(who), std::move(request), std::move(done));
    });
}

void LogReaderTest::headsOfANewDeviceNameEverything()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const auto sent = world.send(ana, bob, log, "x");
    const auto view = heads(world, bob);
    QVERIFY(view.ok() && !view->more);
    QCOMPARE(view->activityToken, hour(world));
    QCOMPARE(view->logs.size(), std::size_t{2});
    for (const HeadView& head : view->logs) {
        if (head.log == log) {
            QVERIFY(head.type == LogType::Direct && head.head == sent->accepted.seq);
            QVERIFY(head.generation == sent->accepted.generation && head.fromSeq == Seq{std::uint64_t{1}});
        } else {
            QVERIFY(head.type == LogType::Account && head.log == *LogId::fromBytes(bob.user.view()));
        }
    }
}

void LogReaderTest::headsPageThroughManyLogs()
{
    ChatWorld world;
    world.config.limits.heads = 4;
    world.restart();
    const TestPerson ana = world.person("ana");
    for (int i = 0; i < 9; ++i)
        (void)world.conversation(ana, world.person("peer" + std::to_string(i)));
    std::size_t seen = 0;
    HeadsRequest request;
    for (int page = 0; page < 5; ++page) {
        const auto view = heads(world, ana, request);
        seen += view->logs.size();
        QVERIFY(view->logs.size() <= 4);
        if (!view->more)
            break;
        request.afterLog = view->lastLog;
    }
    QCOMPARE(seen, std::size_t{10});
}

void LogReaderTest::aTokenNamesOnlyWhatMoved()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson cem = world.person("cem");
    const LogId withBob = world.conversation(ana, bob);
    const LogId withCem = world.conversation(ana, cem);
    QVERIFY(world.send(ana, bob, withBob, "old").ok());
    world.clock.advance(std::chrono::hours(3));
    HeadsRequest request;
    request.activityToken = hour(world);
    QVERIFY(heads(world, ana, request)->logs.empty());
    QVERIFY(world.send(ana, cem, withCem, "new").ok());
    const auto view = heads(world, cem, request);
    QCOMPARE(view->logs.size(), std::size_t{1});
    QVERIFY(view->logs[0].log == withCem);
    QCOMPARE(heads(world, ana, request)->logs.size(), std::size_t{1});
}

/// The token is the hour at the start of the last catch-up; what moved in the hour before it may have been missed.
void LogReaderTest::aTokenReachesBackOneHour()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    world.clock.advance(std::chrono::hours(5));
    QVERIFY(world.send(ana, bob, log, "x").ok());
    HeadsRequest request;
    request.activityToken = hour(world) + 1;
    QCOMPARE(heads(world, bob, request)->logs.size(), std::size_t{1});
    request.activityToken = hour(world) + 2;
    QVERIFY(heads(world, bob, request)->logs.empty());
}

void LogReaderTest::cursorsAreStatedAndNeverFall()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation generation = world.send(ana, bob, log, "1")->accepted.generation;
    HeadsRequest request;
    request.positions.push_back({log, generation, Seq{std::uint64_t{2}}, 0, {}});
    QVERIFY(heads(world, bob, request).ok());
    QVERIFY(heads(world, bob, request).ok());
    QCOMPARE(world.storage().cursor(log, bob.user, bob.devices[0].id)->value(), std::uint64_t{2});
    request.positions[0].cursor = Seq{std::uint64_t{1}};
    const auto clone = heads(world, bob, request);
    QVERIFY(clone.error().is(ChatError::Denied) && clone.error().detail.find("copy") != std::string::npos);
    request.positions[0] = {world.random.id<LogId>(), generation, Seq{std::uint64_t{1}}, 0, {}};
    QVERIFY2(heads(world, bob, request).ok(), "a log that it does not read is passed over");
    request.positions.resize(world.config.limits.positions + 1, request.positions[0]);
    QVERIFY(heads(world, bob, request).error().is(ChatError::TooLarge));
}

void LogReaderTest::aSendNumberThatWasAcceptedNeverFalls()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation generation = world.send(ana, bob, log, "1")->accepted.generation;
    QVERIFY(world.send(ana, bob, log, "2").ok());
    HeadsRequest request;
    request.positions.push_back({log, generation, Seq{std::uint64_t{3}}, 0, SendNo{std::uint64_t{2}}});
    QVERIFY(heads(world, ana, request).ok());
    request.positions[0].sendNo = SendNo{std::uint64_t{7}};
    QVERIFY2(heads(world, ana, request).ok(), "what it sealed and nobody accepted yet counts");
    request.positions[0].sendNo = SendNo{std::uint64_t{1}};
    QVERIFY(heads(world, ana, request).error().is(ChatError::Denied));
    request.positions[0].sendNo = SendNo{};
    QVERIFY2(heads(world, ana, request).error().is(ChatError::Denied), "a copy from before the first message");
}

/// A copy from before the server was restored knows an older generation, but the device acked in the newer one.
void LogReaderTest::aCursorFallsInNoGeneration()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation old = world.send(ana, bob, log, "kept")->accepted.generation;
    QVERIFY(world.storage().startNewGeneration([](Generation, Seq) { return Bytes("cut"); }).ok());
    const Generation now = world.page(bob, log)->head.generation;
    HeadsRequest request;
    request.positions.push_back({log, old, Seq{std::uint64_t{2}}, 0, {}});
    QVERIFY2(heads(world, bob, request).ok(), "it has not met the cut yet");
    request.positions[0] = {log, now, Seq{std::uint64_t{3}}, 0, {}};
    QVERIFY(heads(world, bob, request).ok());
    request.positions[0] = {log, old, Seq{std::uint64_t{2}}, 0, {}};
    QVERIFY(heads(world, bob, request).error().is(ChatError::Denied));
}

void LogReaderTest::aDeviceAheadShowsThatTheServerWasPutBack()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation generation = world.send(ana, bob, log, "1")->accepted.generation;
    HeadsRequest request;
    request.positions.push_back({log, generation, Seq{std::uint64_t{4}}, 0, {}});
    const auto ahead = heads(world, bob, request);
    QVERIFY(ahead.error().is(ChatError::Unavailable) && ahead.error().retryAfter >= Millis{10'000});
    QVERIFY(ahead.error().detail.find("kithd restored") != std::string::npos);
    QCOMPARE(world.storage().cursor(log, bob.user, bob.devices[0].id)->value(), std::uint64_t{0});
    request.positions[0] = {log, generation.next(), Seq{std::uint64_t{1}}, 0, {}};
    QVERIFY(heads(world, bob, request).error().is(ChatError::Unavailable));
}

void LogReaderTest::declinedAndForeignLogsAreAbsent()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const TestPerson eve = world.person("eve");
    const LogId log = world.conversation(ana, bob, false);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.wait<void>(
        [&](Done<void> done) { world.chat().conversations.respond(world.caller(bob), log, false, std::move(done)); }));
    QCOMPARE(heads(world, bob)->logs.size(), std::size_t{1});
    HeadsRequest request;
    request.activityToken = hour(world);
    const auto moved = heads(world, bob, request);
    for (const HeadView& head : moved->logs)
        QVERIFY(head.log != log);
    QVERIFY(world.page(bob, log).error().is(ChatError::NotFound));
    QVERIFY(world.page(eve, log).error().is(ChatError::NotFound));
    QVERIFY(world.page(eve, *LogId::fromBytes(ana.user.view())).error().is(ChatError::NotFound));
}

void LogReaderTest::pagesHaveLimits()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    for (int i = 0; i < 300; ++i)
        QVERIFY(world.send(ana, bob, log, "x").ok());
    QCOMPARE(world.page(bob, log)->entries.size(), std::size_t{256});
    PageRequest request;
    request.log = log;
    request.maxEntries = 10'000;
    const auto read = [&] {
        return world.wait<PageView>(
            [&](Done<PageView> done) { world.chat().reader.page(world.caller(bob), request, std::move(done)); });
    };
    QCOMPARE(read()->entries.size(), std::size_t{256});
    request.maxEntries = 3;
    request.after = Seq{std::uint64_t{5}};
    QCOMPARE(read()->entries.size(), std::size_t{3});
    QCOMPARE(read()->entries.front().seq.value(), std::uint64_t{6});
    request.maxEntries = 0;
    request.maxBytes = 1;
    QCOMPARE(read()->entries.size(), std::size_t{1});
    request.after = Seq{~std::uint64_t{0} - 1};
    QVERIFY(read().ok() && read()->entries.empty());
}

void LogReaderTest::anEmptyLogReadsAsEmpty()
{
    ChatWorld world;
    const TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob, false);
    const auto page = world.page(ana, log);
    QVERIFY(page.ok() && page->entries.empty() && page->head.head == Seq{} && !page->trimmed);
    QCOMPARE(heads(world, ana)->logs.size(), std::size_t{2});
}

void LogReaderTest::belowTheFloorIsTrimmed()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    for (int i = 0; i < 3; ++i)
        QVERIFY(world.send(ana, bob, log, "old").ok());
    const Bytes chain = world.page(bob, log)->head.chain;
    world.clock.advance(std::chrono::hours(24 * 31));
    QVERIFY(world.send(ana, bob, log, "new").ok());
    QVERIFY(world.wait<std::size_t>([&](Done<std::size_t> done) {
        world.storage().trim(world.clock.wall() - std::chrono::hours(24 * 30), 100, std::move(done));
    }));
    const auto page = world.page(bob, log);
    QVERIFY(page->trimmed.has_value());
    QCOMPARE(page->trimmed->floor.value(), std::uint64_t{5});
    QCOMPARE(page->trimmed->chain, chain);
    QCOMPARE(page->entries.size(), std::size_t{1});
    QCOMPARE(page->entries[0].body, Bytes("new"));
    QVERIFY(!world.page(bob, log, Seq{std::uint64_t{4}})->trimmed.has_value());
}

void LogReaderTest::aPositionOfAnOlderGenerationMeetsTheCut()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    const Generation old = world.send(ana, bob, log, "kept")->accepted.generation;
    QVERIFY(world.storage().startNewGeneration([](Generation, Seq) { return Bytes("cut"); }).ok());
    ana.devices[0].sent.clear();
    ana.devices[0].sent[log] = 1;
    QVERIFY(world.send(ana, bob, log, "new").ok());
    PageRequest request;
    request.log = log;
    request.generation = old;
    request.after = Seq{std::uint64_t{40}};
    const auto read = [&] {
        return world.wait<PageView>(
            [&](Done<PageView> done) { world.chat().reader.page(world.caller(bob), request, std::move(done)); });
    };
    const auto ahead = read();
    QVERIFY(ahead.ok());
    QCOMPARE(ahead->cut.value(), std::uint64_t{3});
    QCOMPARE(ahead->entries.front().body, Bytes("cut"));
    request.after = Seq{std::uint64_t{1}};
    const auto behind = read();
    QVERIFY(behind->cut == Seq{} && behind->entries.front().body == "kept");
    request.generation = Generation{~std::uint64_t{0}};
    QVERIFY(read().error().is(ChatError::Invalid));
}

void LogReaderTest::marksComeAlongWhenNewer()
{
    ChatWorld world;
    TestPerson ana = world.person("ana");
    const TestPerson bob = world.person("bob");
    const LogId log = world.conversation(ana, bob);
    QVERIFY(world.send(ana, bob, log, "x").ok());
    QVERIFY(world.ack(bob, log, 2, 2, 2).ok());
    const auto page = world.page(ana, log);
    QVERIFY(page->marks.has_value());
    QCOMPARE(page->marks->members.size(), std::size_t{1});
    QVERIFY(page->marks->members[0].user == bob.user && page->marks->members[0].read.value() == 2);
    PageRequest request;
    request.log = log;
    request.marksRevision = page->marks->revision;
    const auto again = world.wait<PageView>(
        [&](Done<PageView> done) { world.chat().reader.page(world.caller(ana), request, std::move(done)); });
    QVERIFY(!again->marks.has_value());
}

QTEST_GUILESS_MAIN(LogReaderTest)
#include "LogReaderTest.moc"
