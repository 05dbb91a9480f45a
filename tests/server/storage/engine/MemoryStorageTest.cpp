#include "tests/support/server/MemoryStorage.h"

#include "tests/support/base/FakeClock.h"
#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

// What the twin itself promises: unsynced bytes are invisible and a crash loses them; the same posts give the same
// bytes; damaged values are errors, not crashes.

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

const LogId theLog = *LogId::fromBytes(Bytes(16, 'l'));

Transaction message(std::uint64_t number)
{
    Transaction transaction;
    transaction.bucket = bucketOf(theLog.view());
    transaction.appends.emplace_back().log = theLog;
    NewEntry& entry = transaction.appends[0].entries.emplace_back();
    entry.senderDevice = *DeviceId::fromBytes(Bytes(16, 'd'));
    entry.clientMsgId = *ClientMsgId::fromBytes(Bytes(16, static_cast<char>(number)));
    entry.sendNo = SendNo{number};
    return transaction;
}

struct World {
    FakeClock clock;
    SeededRandom random;
    ManualExecutor executor;
    MemoryKv disk;
    std::unique_ptr<MemoryStorage> storage = std::move(MemoryStorage::open(disk, clock, random, executor)).value();
};

} // namespace

class MemoryStorageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unsyncedIsInvisibleAndACrashLosesIt()
    {
        for (const auto unsynced : {MemoryKv::Unsynced::Lost, MemoryKv::Unsynced::Kept}) {
            World world;
            int answers = 0;
            world.storage->submit(message(1), [&answers](const Result<Committed>&) { ++answers; });
            QVERIFY(world.executor.runOne()); // Built and written, not synced.
            QVERIFY(world.storage->head(theLog).error().is(StorageError::NotFound));
            world.disk.crash(unsynced);
            world.storage.reset();
            world.executor.runAll();
            QCOMPARE(answers, 0);
            world.disk.revive();
            world.storage =
                std::move(MemoryStorage::open(world.disk, world.clock, world.random, world.executor)).value();
            QCOMPARE(world.storage->head(theLog).ok(), unsynced == MemoryKv::Unsynced::Kept);
        }
    }
    void theSamePostsGiveTheSameBytes()
    {
        std::vector<Bytes> chains;
        for (int run = 0; run < 2; ++run) {
            World world;
            Bytes ids;
            for (std::uint64_t n = 1; n <= 20; ++n) {
                world.storage->submit(message(n), [&ids](const Result<Committed>& committed) {
                    ids += committed->accepted[0][0].id.bytes();
                });
                if (n % 3 == 0)
                    world.executor.runAll();
            }
            world.executor.runAll();
            chains.push_back(world.storage->head(theLog)->chain + ids);
        }
        QCOMPARE(chains[0], chains[1]);
    }
    void whatArrivesDuringAGroupGoesIntoTheNext()
    {
        World world;
        int answers = 0;
        const auto count = [&answers](const Result<Committed>& committed) { answers += committed.ok() ? 1 : 0; };
        world.storage->submit(message(1), count);
        QVERIFY(world.executor.runOne());
        world.storage->submit(message(2), count);
        world.storage->submit(message(3), count);
        world.executor.runAll();
        QCOMPARE(answers, 3);
    }
    void damagedValuesAreErrors()
    {
        World world;
        for (std::uint64_t n = 1; n <= 3; ++n)
            world.storage->submit(message(n), [](const Result<Committed>&) {});
        world.executor.runAll();
        int damaged = 0;
        for (const Bytes& key : world.disk.allKeys()) {
            World copy; // Each value of the store in turn is rubbish when the server starts.
            for (std::uint64_t n = 1; n <= 3; ++n)
                copy.storage->submit(message(n), [](const Result<Committed>&) {});
            copy.executor.runAll();
            copy.storage.reset();
            copy.disk.damage(key, "\x07rubbish");
            auto opened = MemoryStorage::open(copy.disk, copy.clock, copy.random, copy.executor);
            if (!opened.ok()) {
                QVERIFY(opened.error().is(StorageError::Damaged));
                ++damaged;
                continue;
            }
            const auto page = (*opened)->read(theLog, Seq{}, 10, 1U << 20U);
            const auto next = (*opened)->nextSendNo(theLog, *DeviceId::fromBytes(Bytes(16, 'd')));
            bool refused = false;
            (*opened)->submit(message(4), [&refused](const Result<Committed>& committed) {
                refused = !committed.ok() && committed.error().is(StorageError::Damaged);
            });
            copy.executor.runAll();
            damaged += !page.ok() || !next.ok() || refused ? 1 : 0;
        }
        QVERIFY(damaged >= 6); // Three rows, three places of the window, and settings.
    }
    void tooManyWaitingMarksAreWrittenAnyway()
    {
        // Nobody sends, everybody acknowledges: memory stays bounded (P9).
        int durable = 0; // Outlives the store, whose end answers those who still wait.
        World world;
        world.storage->submit(message(1), [](const Result<Committed>&) {});
        world.executor.runAll();
        const std::size_t before = world.disk.size();
        for (int device = 0; device < 20'000; ++device) {
            MarkUpdate update;
            update.log = theLog;
            update.user = *UserId::fromBytes(Bytes(16, 'u'));
            update.device = world.random.id<DeviceId>();
            update.cursor = Seq{std::uint64_t{1}};
            world.storage->submitMark(
                update, [](const Result<MarkResult>&) {},
                [&durable](const Result<void>& written) { durable += written.ok() ? 1 : 0; });
        }
        world.executor.runAll();
        QVERIFY(world.disk.size() > before + 16'384);
        QVERIFY(durable >= 16'384 && durable < 20'000);
    }
    void anInterruptedRestoreIsFinishedBeforeAnythingElse()
    {
        World world;
        world.storage->submit(message(1), [](const Result<Committed>&) {});
        world.executor.runAll();
        int steps = 0; // The settings are durable, the cuts are not.
        world.disk.beforeStep = [&steps](std::size_t) { return steps++ == 0; };
        const auto body = [](Generation, Seq) { return Bytes("cut"); };
        QVERIFY(!world.storage->startNewGeneration(body).ok());
        world.storage.reset();
        world.disk.revive();
        world.disk.beforeStep = nullptr;
        world.storage = std::move(MemoryStorage::open(world.disk, world.clock, world.random, world.executor)).value();
        Error refused = Error::make(StorageError::NotFound, "");
        const auto keep = [&refused](const Result<Committed>& committed) {
            refused = committed.ok() ? Error::make(StorageError::NotFound, "") : committed.error();
        };
        world.storage->submit(message(2), keep);
        world.executor.runAll();
        QVERIFY(refused.is(StorageError::Stopped));
        QVERIFY(world.storage->startNewGeneration(body).ok());
        world.storage->submit(message(2), keep);
        world.executor.runAll();
        QVERIFY(!refused.is(StorageError::Stopped));
        QCOMPARE(world.storage->head(theLog)->head, Seq{std::uint64_t{3}});
    }
};

QTEST_APPLESS_MAIN(MemoryStorageTest)
#include "MemoryStorageTest.moc"
