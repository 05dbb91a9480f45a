#include "core/store/Migrator.h"
#include "core/store/sqlite/Transaction.h"
#include "tests/core/store/FixtureStore.h"
#include "tests/support/store/MemoryDisk.h"
#include "tests/support/store/StoreDump.h"
#include "tests/support/store/TestStore.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace kith;
using namespace kith::test;
using sqlite::Access;
using sqlite::Database;

namespace
{

const std::string path = "/kith.db";

std::unique_ptr<Database> openOn(MemoryDisk& disk)
{
    return std::move(Database::open({path, Access::ReadWrite, disk.vfs()}, fixtureKey())).value();
}

std::string freshSchema()
{
    MemoryDisk disk;
    const auto database = openOn(disk);
    return migrate(*database, storeMigrations()).ok() ? schemaOf(*database).value() : "migration failed";
}

QString sourceFolder()
{
    return qEnvironmentVariable("KITH_SOURCE_DIR", QStringLiteral("."));
}

std::string textOf(const QString& file)
{
    QFile opened(file);
    return opened.open(QIODevice::ReadOnly) ? opened.readAll().toStdString() : "no file " + file.toStdString();
}

constexpr Migration first{1, "0001_first", "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT; INSERT INTO a VALUES (1)"};
constexpr Migration broken{2, "0002_broken",
                           "CREATE TABLE b (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1)"};
constexpr Migration second{2, "0002_second", "CREATE TABLE b (id INTEGER PRIMARY KEY REFERENCES a (id)) STRICT"};
constexpr Migration orphans{3, "0003_orphans", "INSERT INTO b VALUES (99)"};

} // namespace

class MigrationTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void stepsAreNumberedWithoutHoles()
    {
        int expected = 0;
        for (const Migration& migration : storeMigrations())
            QCOMPARE(migration.version, ++expected);
        QVERIFY(expected > 0);
    }
    void theCommittedSchemaIsTheGeneratedOne()
    {
        QCOMPARE(QString::fromStdString(textOf(sourceFolder() + QStringLiteral("/core/store/schema.sql"))),
                 QString::fromStdString(freshSchema()));
    }
    void everyFixtureUpgradesToTheFreshSchemaAndKeepsItsRows()
    {
        const QDir fixtures(sourceFolder() + QStringLiteral("/tests/fixtures/store"));
        const QStringList files = fixtures.entryList({QStringLiteral("v*.db")});
        QCOMPARE(static_cast<std::size_t>(files.size()), storeMigrations().size()); // one for each version
        const QTemporaryDir scratch;
        for (const QString& file : files) {
            const QString stem = fixtures.filePath(file.chopped(3));
            const QString copy = scratch.filePath(file);
            QVERIFY(QFile::copy(fixtures.filePath(file), copy));
            auto database = Database::open({copy.toStdString(), Access::ReadWrite, {}}, fixtureKey());
            KITH_VERIFY_OK(database);
            QCOMPARE(QString::fromStdString(rowsOf(**database).value()),
                     QString::fromStdString(textOf(stem + QStringLiteral(".before.rows"))));
            KITH_VERIFY_OK(migrate(**database, storeMigrations()));
            QCOMPARE(QString::fromStdString(schemaOf(**database).value()), QString::fromStdString(freshSchema()));
            QCOMPARE(QString::fromStdString(rowsOf(**database).value()),
                     QString::fromStdString(textOf(stem + QStringLiteral(".after.rows"))));
            KITH_VERIFY_OK((*database)->verifyPages());
        }
    }
    void whatHadFailedBeforeTakesThePlaceWhereItWasComposed()
    {
        const QTemporaryDir scratch;
        const QString copy = scratch.filePath(QStringLiteral("v.db"));
        QVERIFY(QFile::copy(sourceFolder() + QStringLiteral("/tests/fixtures/store/v0001.db"), copy));
        {
            auto database = Database::open({copy.toStdString(), Access::ReadWrite, {}}, fixtureKey());
            KITH_VERIFY_OK(database);
            KITH_VERIFY_OK((*database)->execute("UPDATE outbox SET state = 5, failure = 'no' WHERE message = 7"));
        }
        auto store = ClientStore::open({copy.toStdString(), {}}, fixtureKey());
        KITH_VERIFY_OK(store);
        KITH_VERIFY_OK((*store)->inbox().commit(batchOf({anasRow(6)})));
        const auto rows = (*store)->messages().newest(testLog, 3).value();
        QCOMPARE(rows[0].text, std::string("queued")); // what it says; it has failed
        QCOMPARE(rows[0].failure, std::optional(SendFailure{"", "no"}));
        QCOMPARE(rows[1].position, std::optional(at(6)));
        QCOMPARE(rows[2].outbox, std::optional(OutboxState::Sealed));
    }
    void anUpgradedStoreWorks()
    {
        const QTemporaryDir scratch;
        const QString copy = scratch.filePath(QStringLiteral("v.db"));
        QVERIFY(QFile::copy(sourceFolder() + QStringLiteral("/tests/fixtures/store/v0001.db"), copy));
        auto store = ClientStore::open({copy.toStdString(), {}}, fixtureKey());
        KITH_VERIFY_OK(store);
        KITH_VERIFY_OK((*store)->inbox().commit(batchOf({anasRow(6)})));
        QCOMPARE((*store)->conversations().find(testLog).value()->cursor, seqOf(6));
        QCOMPARE((*store)->outbox().queued({}, 10)->size(), 1U);
        QCOMPARE((*store)->contacts().find(ana).value()->trust, TrustState::Verified);
    }
    void aFailedStepIsUndoneAndReported()
    {
        MemoryDisk disk;
        auto database = openOn(disk);
        const auto failed = migrate(*database, std::array{first, broken});
        KITH_VERIFY_FAILS(failed, StoreError::Failed);
        QVERIFY(failed.error().detail.find("step 2 (0002_broken)") != std::string::npos);
        QCOMPARE(database->userVersion().value(), 1); // the earlier step stays
        QVERIFY(schemaOf(*database)->find("TABLE b") == std::string::npos);
        KITH_VERIFY_OK(migrate(*database, std::array{first, second}));
        QCOMPARE(database->userVersion().value(), 2);
        KITH_VERIFY_OK(migrate(*database, std::array{first, second})); // nothing to do
    }
    void aStepThatLeavesOrphansFails()
    {
        MemoryDisk disk;
        auto database = openOn(disk);
        KITH_VERIFY_OK(migrate(*database, std::array{first, second}));
        QVERIFY(!migrate(*database, std::array{first, second, orphans}).ok());
        QCOMPARE(database->userVersion().value(), 2);
    }
    void aPowerCutInAStepLosesTheStepAlone()
    {
        MemoryDisk disk;
        {
            auto database = openOn(disk);
            KITH_VERIFY_OK(migrate(*database, std::array{first}));
            auto transaction = sqlite::Transaction::begin(*database);
            KITH_VERIFY_OK(database->execute(second.sql));
            disk.crash();
        }
        auto database = openOn(disk);
        QCOMPARE(database->userVersion().value(), 1);
        KITH_VERIFY_OK(migrate(*database, std::array{first, second}));
    }
    void aNewerStoreIsRefusedInWordsAndUntouched()
    {
        MemoryDisk disk;
        {
            auto database = openOn(disk);
            KITH_VERIFY_OK(migrate(*database, storeMigrations()));
            KITH_VERIFY_OK(
                database->execute("PRAGMA user_version = 9999; CREATE TABLE later (id INTEGER PRIMARY KEY)"));
        }
        const Bytes file = disk.contents(path);
        const Bytes log = disk.contents(path + "-wal");
        QVERIFY(!log.empty()); // closed without merging: the next one would notice a merge
        const std::size_t touches = disk.touches();
        const auto refused = ClientStore::open({path, disk.vfs()}, fixtureKey());
        KITH_VERIFY_FAILS(refused, StoreError::TooNew);
        QVERIFY(refused.error().detail.find("update Kith") != std::string::npos);
        QCOMPARE(disk.contents(path), file);
        QCOMPARE(disk.contents(path + "-wal"), log);
        QCOMPARE(disk.touches(), touches);
    }
};

QTEST_APPLESS_MAIN(MigrationTest)
#include "MigrationTest.moc"
