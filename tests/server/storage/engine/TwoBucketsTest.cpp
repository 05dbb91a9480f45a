#include "tests/support/base/FakeClock.h"
#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/MemoryStorage.h"

#include <QTest>

// A store that commits bucket by bucket and dies between two of them: what one operation may rely on (mechanisms.md
// section 1).

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

struct World {
    FakeClock clock;
    SeededRandom random;
    ManualExecutor executor;
    MemoryKv disk{MemoryKv::Buckets::Apart};
    std::unique_ptr<MemoryStorage> storage;
    LogId log;
    UserId ana;
    UserId ben;

    World() : log(random.id<LogId>()), ana(random.id<UserId>()), ben(random.id<UserId>()) { open(); }
    void open() { storage = std::move(MemoryStorage::open(disk, clock, random, executor)).value(); }
    void restart()
    {
        storage.reset();
        executor.runAll();
        disk.revive();
        disk.beforeStep = nullptr;
        open();
    }

    /// Message `number` of Ana's device with the conversation's record beside it; both people are told.
    [[nodiscard]] Transaction message(std::uint64_t number) const
    {
        Transaction transaction;
        transaction.bucket = bucketOf(log.view());
        transaction.writes = {{recordKey(), "members " + std::to_string(number)}};
        Append& append = transaction.appends.emplace_back();
        append.log = log;
        NewEntry& entry = append.entries.emplace_back();
        entry.senderUser = ana;
        entry.senderDevice = *DeviceId::fromBytes(Bytes(16, 'd'));
        entry.clientMsgId = *ClientMsgId::fromBytes(Bytes(16, static_cast<char>(number)));
        entry.sendNo = SendNo{number};
        entry.body = "body";
        append.activity = {{ana, log}, {ben, log}};
        return transaction;
    }
    [[nodiscard]] RecordKey recordKey() const { return {bucketOf(log.view()), Table::Conversation, log.bytes()}; }
    [[nodiscard]] bool isTold(UserId user) const
    {
        const auto logs = storage->activity(user, 0, LogId{}, 10);
        return logs.ok() && logs->size() == 1;
    }
};

} // namespace

class TwoBucketsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCrashBetweenBucketsLeavesNoEntryWithoutItsMarks()
    {
        bool sawMarksAlone = false;
        bool sawAll = false;
        for (std::size_t step = 0; step < 6; ++step) {
            World world;
            bool acknowledged = false;
            world.disk.beforeStep = [step](std::size_t at) { return at != step; };
            world.storage->submit(world.message(1),
                                  [&](const Result<Committed>& committed) { acknowledged = committed.ok(); });
            world.executor.runAll();
            const bool died = world.disk.isDead();
            QVERIFY(!died || !acknowledged); // A dead process answers nobody.
            world.restart();

            const auto head = world.storage->head(world.log);
            const auto record = *world.storage->get(world.recordKey());
            const bool marks = world.isTold(world.ana) && world.isTold(world.ben);
            QVERIFY(!head.ok() || marks);
            QCOMPARE(head.ok(), record.has_value()); // One bucket's share is whole.
            QVERIFY(!acknowledged || head.ok());
            sawMarksAlone = sawMarksAlone || (marks && !head.ok());
            sawAll = sawAll || (marks && head.ok());

            // The device sends again: once, whatever was kept.
            bool again = false;
            world.storage->submit(world.message(1),
                                  [&](const Result<Committed>& committed) { again = committed.ok(); });
            world.executor.runAll();
            QVERIFY(again);
            QCOMPARE(world.storage->head(world.log)->head, Seq{std::uint64_t{1}});
            QVERIFY(world.isTold(world.ana) && world.isTold(world.ben));
        }
        QVERIFY(sawMarksAlone && sawAll); // The crashes did fall on both sides.
    }
    void knowledgeOfMarksDoesNotOutliveACrash()
    {
        // The engine remembers whom it told in this hour; after the crash that was lost with the batch.
        World world;
        world.disk.beforeStep = [](std::size_t) { return false; };
        world.storage->submit(world.message(1), [](const Result<Committed>&) {});
        world.executor.runAll();
        QVERIFY(world.disk.isDead());
        world.restart();
        QVERIFY(!world.isTold(world.ben));
        world.storage->submit(world.message(1), [](const Result<Committed>&) {});
        world.executor.runAll();
        QVERIFY(world.isTold(world.ben));
    }
    void marksAreWrittenOnceAnHour()
    {
        World world;
        world.storage->submit(world.message(1), [](const Result<Committed>&) {});
        world.executor.runAll();
        std::size_t steps = 0;
        world.disk.beforeStep = [&steps](std::size_t at) { return steps = at + 1, true; };
        world.storage->submit(world.message(2), [](const Result<Committed>&) {});
        world.executor.runAll();
        QCOMPARE(steps, std::size_t{1}); // The log's bucket alone.
        world.clock.advance(std::chrono::hours(1));
        world.storage->submit(world.message(3), [](const Result<Committed>&) {});
        world.executor.runAll();
        QVERIFY(steps >= 3); // Ana's, Ben's and the log's again, and the hour itself.
    }
};

QTEST_APPLESS_MAIN(TwoBucketsTest)
#include "TwoBucketsTest.moc"
