#include "core/store/sqlite/Database.h"

#include "core/store/sqlite/Transaction.h"
#include "tests/support/store/MemoryDisk.h"
#include "tests/support/store/Rows.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <csignal>

using namespace kith;
using namespace kith::test;
using sqlite::Access;
using sqlite::Database;
using sqlite::Transaction;

namespace
{

const std::string path = "/kith.db";

SecretBytes keyOf(char octet = '\x21')
{
    return SecretBytes::copyOf(Bytes(Database::keySize, octet));
}

Result<std::unique_ptr<Database>> openOn(MemoryDisk& disk, char octet = '\x21')
{
    KITH_TRY(auto database, Database::open({path, Access::ReadWrite, disk.vfs()}, keyOf(octet)));
    KITH_CHECK(database->execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, b BLOB) STRICT"));
    KITH_CHECK(database->allowCheckpoints());
    return database;
}

Result<void> add(Database& database, std::size_t size = 100)
{
    KITH_TRY(auto transaction, Transaction::begin(database));
    KITH_CHECK(database.run("INSERT INTO t (b) VALUES (?)", Bytes(size, 'x')));
    return transaction.commit();
}

std::int64_t count(Database& database)
{
    auto row = database.query("SELECT count(b) FROM t");
    return row.ok() && row->step().ok() ? row->integer(0) : -1;
}

} // namespace

class DatabaseTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyTypeComesBack()
    {
        MemoryDisk disk;
        auto opened = openOn(disk);
        KITH_VERIFY_OK(opened);
        Database& database = **opened;
        const Bytes blob("\0\x01\xff", 3);
        auto row = database.query("SELECT ?, ?, ?, ?, ?, ?", blob, Bytes{}, sqlite::Text{"tëxt"}, idOf<UserId>(7),
                                  Seq{std::uint64_t{9}}, std::optional<WallTime>{});
        KITH_VERIFY_OK(row);
        QCOMPARE(row->step().value(), true);
        QCOMPARE(row->blob(0), blob);
        QVERIFY(!row->isNull(1)); // an empty blob is a value
        QCOMPARE(row->text(2), std::string("tëxt"));
        QCOMPARE(row->id<UserId>(3), idOf<UserId>(7));
        QCOMPARE(row->number<Seq>(4), Seq{std::uint64_t{9}});
        QVERIFY(row->isNull(5));
        QCOMPARE(row->step().value(), false);
    }
    void transactionsJoinAndOnlyTheOutermostCommits()
    {
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        {
            auto outer = Transaction::begin(*database);
            KITH_VERIFY_OK(add(*database));
            QCOMPARE(count(*database), 1);
        }
        QCOMPARE(count(*database), 0);
        auto outer = Transaction::begin(*database);
        KITH_VERIFY_OK(add(*database));
        KITH_VERIFY_OK(outer->commit());
        QCOMPARE(count(*database), 1);
    }
    void aFailedInnerStepDoomsTheWhole()
    {
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        {
            auto outer = Transaction::begin(*database);
            KITH_VERIFY_OK(add(*database));
            {
                auto inner = Transaction::begin(*database); // gives up
            }
            KITH_VERIFY_FAILS(outer->commit(), StoreError::Failed);
        }
        QCOMPARE(count(*database), 0);
        KITH_VERIFY_OK(add(*database)); // the next one is not harmed
        QCOMPARE(count(*database), 1);
    }
    void whatIsCommittedSurvivesAPowerCut()
    {
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        for (int i = 0; i < 20; ++i)
            KITH_VERIFY_OK(add(*database));
        disk.crash();
        database.reset();
        database = std::move(openOn(disk)).value();
        QCOMPARE(count(*database), 20);
    }
    void wrongKeyIsToldApartAndNothingChanges()
    {
        MemoryDisk disk;
        (void)openOn(disk);
        const Bytes before = disk.contents(path);
        const std::size_t touches = disk.touches();
        const auto refused = openOn(disk, '\x22');
        KITH_VERIFY_FAILS(refused, StoreError::WrongKey);
        QVERIFY(refused.error().detail.find("nothing was changed") != std::string::npos);
        QCOMPARE(disk.contents(path), before);
        QCOMPARE(disk.touches(), touches);
        KITH_VERIFY_FAILS(Database::open({path, Access::ReadWrite, disk.vfs()}, SecretBytes(31)), StoreError::Invalid);
    }
    void flippedBitsAreDamageNotAWrongKey()
    {
        MemoryDisk disk;
        {
            auto database = std::move(openOn(disk)).value();
            for (int i = 0; i < 100; ++i)
                KITH_VERIFY_OK(add(*database, 1000));
        }
        const Bytes whole = disk.contents(path);
        QVERIFY(whole.size() > 20 * 4096);
        Bytes damaged = whole;
        damaged[100] = static_cast<char>(damaged[100] ^ 1); // page 1
        disk.setContents(path, damaged);
        KITH_VERIFY_FAILS(openOn(disk), StoreError::Damaged);
        QCOMPARE(disk.contents(path), damaged);

        damaged = whole;
        damaged[4096 * 10 + 50] = static_cast<char>(damaged[4096 * 10 + 50] ^ 1); // in the middle
        disk.setContents(path, damaged);
        auto database = Database::open({path, Access::ReadWrite, disk.vfs()}, keyOf());
        KITH_VERIFY_OK(database);
        auto row = (*database)->query("SELECT sum(length(b)) FROM t");
        KITH_VERIFY_FAILS(row->step(), StoreError::Damaged);
        KITH_VERIFY_FAILS((*database)->verifyPages(), StoreError::Damaged);
    }
    void theSaltTellsTheKeyAndIsNotNeeded()
    {
        MemoryDisk disk;
        (void)openOn(disk);
        Bytes bytes = disk.contents(path);
        bytes[3] = static_cast<char>(bytes[3] ^ 1);
        disk.setContents(path, bytes);
        KITH_VERIFY_OK(openOn(disk)); // derived from the key, not read
    }
    void aTruncatedFileIsDamage()
    {
        MemoryDisk disk;
        {
            auto database = std::move(openOn(disk)).value();
            for (int i = 0; i < 50; ++i)
                KITH_VERIFY_OK(add(*database, 2000));
        }
        disk.setContents(path, ByteView(disk.contents(path)).substr(0, 4096 * 5));
        auto database = Database::open({path, Access::ReadWrite, disk.vfs()}, keyOf());
        if (database.ok()) {
            auto row = (*database)->query("SELECT sum(length(b)) FROM t");
            KITH_VERIFY_FAILS(row->step(), StoreError::Damaged);
        } else {
            QVERIFY(database.error().is(StoreError::Damaged));
        }
        disk.setContents(path, "not a database, but some text that is there instead");
        KITH_VERIFY_FAILS(openOn(disk), StoreError::WrongKey);
    }
    void nothingReadableLiesOnTheDisk()
    {
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        KITH_VERIFY_OK(database->run("INSERT INTO t (b) VALUES (?)", Bytes("the quick brown fox")));
        QVERIFY(disk.contents(path + "-wal").find("brown") == std::string::npos);
        database.reset();
        QVERIFY(disk.contents(path).find("brown") == std::string::npos);
        QVERIFY(disk.contents(path).find("SQLite") == std::string::npos);
    }

    void aStoppedWriterNeverTouchesTheFileAgain_data()
    {
        QTest::addColumn<QString>("fault");
        for (const char* fault : {"sync", "full", "write"})
            QTest::newRow(fault) << QString::fromLatin1(fault);
    }
    void aStoppedWriterNeverTouchesTheFileAgain()
    {
        QFETCH(QString, fault);
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        KITH_VERIFY_OK(add(*database));
        std::vector<Error> told;
        database->onStopped([&](const Error& error) { told.push_back(error); });
        if (fault == QLatin1String("sync"))
            disk.failSyncsAfter(0);
        else if (fault == QLatin1String("full"))
            disk.fullAfter(0);
        else
            disk.failWritesAfter(0);
        const auto failure = add(*database, 50'000);
        const StoreError expected = fault == QLatin1String("full") ? StoreError::Full : StoreError::Io;
        KITH_VERIFY_FAILS(failure, expected);
        QVERIFY(failure.error().detail.find("what was stored before is kept") != std::string::npos);
        QCOMPARE(told.size(), 1U);
        QVERIFY(told[0].is(expected));
        QVERIFY(database->stopped());

        disk.heal(); // the disk seems well again: a lie, after a failed sync
        const std::size_t touches = disk.touches();
        KITH_VERIFY_FAILS(add(*database), StoreError::Stopped);
        KITH_VERIFY_FAILS(database->run("INSERT INTO t (b) VALUES (x'00')"), StoreError::Stopped);
        QCOMPARE(count(*database), 1); // reads go on
        QCOMPARE(told.size(), 1U);
        database.reset();
        // Closing releases the log's index; it writes and syncs nothing of what the disk may have lost.
        QCOMPARE(disk.touches(), touches);

        disk.crash();
        database = std::move(openOn(disk)).value();
        QCOMPARE(count(*database), 1);
    }
    void aFailedSyncOfACheckpointStopsTheWriterToo()
    {
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        KITH_VERIFY_OK(add(*database));
        disk.failSyncsAfter(1); // the commit's passes, the checkpoint's does not
        KITH_VERIFY_OK(add(*database, (Database::checkpointPages + 50) * 4096)); // durable in the log: true
        QVERIFY(database->stopped());
        KITH_VERIFY_FAILS(add(*database), StoreError::Stopped);
        database.reset();
        disk.heal();
        disk.crash();
        database = std::move(openOn(disk)).value();
        QCOMPARE(count(*database), 2);
    }
    void theLogIsMovedIntoTheFileNowAndThen()
    {
        MemoryDisk disk;
        auto database = std::move(openOn(disk)).value();
        for (int i = 0; i < 40; ++i)
            KITH_VERIFY_OK(add(*database, 100 * 4096));
        QVERIFY(disk.contents(path + "-wal").size() < std::size_t{3} * Database::checkpointPages * 4096);
        QVERIFY(disk.contents(path).size() > std::size_t{20} * 100 * 4096);
    }
    void anOrdinaryFileIsPrivateAndGrowsOnlyAsFarAsItMay()
    {
        const QTemporaryDir folder;
        const std::string file = folder.filePath(QStringLiteral("kith.db")).toStdString();
        auto database = std::move(Database::open({file, Access::ReadWrite, {}}, keyOf())).value();
        KITH_VERIFY_OK(database->execute("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB) STRICT"));
        QCOMPARE(QFile::permissions(QString::fromStdString(file)) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions{});
        KITH_VERIFY_OK(add(*database));
        // A real system's limit instead of an injected one.
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{std::size_t{256} * 1024, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small);
        const auto failure = add(*database, 2'000'000);
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(!failure.ok());
        QVERIFY(failure.error().is(StoreError::Io) || failure.error().is(StoreError::Full));
        QVERIFY(database->stopped());
        QCOMPARE(count(*database), 1);
        database.reset();
        database = std::move(Database::open({file, Access::ReadWrite, {}}, keyOf())).value();
        QCOMPARE(count(*database), 1);
    }
    void aReaderSeesCommitsAndCannotWrite()
    {
        MemoryDisk disk;
        auto writer = std::move(openOn(disk)).value();
        auto reader = std::move(Database::open({path, Access::ReadOnly, disk.vfs()}, keyOf())).value();
        KITH_VERIFY_OK(add(*writer));
        QCOMPARE(count(*reader), 1);
        QVERIFY(!reader->run("INSERT INTO t (b) VALUES (x'00')").ok());
        QVERIFY(!reader->stopped());
        KITH_VERIFY_FAILS(Database::open({"/nothing.db", Access::ReadOnly, disk.vfs()}, keyOf()), StoreError::Io);
    }
};

QTEST_APPLESS_MAIN(DatabaseTest)
#include "DatabaseTest.moc"
