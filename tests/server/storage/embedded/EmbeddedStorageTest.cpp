#include "server/storage/embedded/EmbeddedStorage.h"

#include "tests/support/base/FakeClock.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/FailingEnv.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <future>

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

const LogId theLog = *LogId::fromBytes(Bytes(16, 'l'));
const DeviceId theDevice = *DeviceId::fromBytes(Bytes(16, 'd'));

Transaction message(std::uint64_t number)
{
    NewEntry entry;
    entry.senderDevice = theDevice;
    Bytes id(8, 'm');
    appendBigEndian(id, number);
    entry.clientMsgId = *ClientMsgId::fromBytes(id);
    entry.sendNo = SendNo{number};
    entry.body = Bytes(300, 'b');
    Transaction transaction;
    transaction.bucket = bucketOf(theLog.view());
    transaction.appends.emplace_back().log = theLog;
    transaction.appends[0].entries.push_back(std::move(entry));
    return transaction;
}

Result<std::unique_ptr<EmbeddedStorage>> openAt(const std::string& directory, rocksdb::Env* env = nullptr)
{
    static const SystemClock clock;
    static SeededRandom random;
    EmbeddedStorage::Options options;
    options.rocks.directory = directory;
    options.rocks.env = env;
    return EmbeddedStorage::open(std::move(options), clock, random);
}

/// Child process: appends without end and prints the number of each acknowledged entry.
int writeForEver(const std::string& directory)
{
    auto storage = std::move(openAt(directory)).value();
    std::uint64_t next = storage->nextSendNo(theLog, theDevice)->value();
    for (;; next += 8) {
        std::vector<std::future<std::uint64_t>> acknowledged;
        for (std::uint64_t i = 0; i < 8; ++i) {
            auto promise = std::make_shared<std::promise<std::uint64_t>>();
            acknowledged.push_back(promise->get_future());
            storage->submit(message(next + i), [promise](const Result<Committed>& committed) {
                promise->set_value(committed.ok() ? committed->accepted[0][0].seq.value() : 0);
            });
        }
        for (auto& each : acknowledged)
            std::printf("%llu\n", static_cast<unsigned long long>(each.get()));
        std::fflush(stdout);
    }
}

/// Child process: says how opening ends.
int openOnce(const std::string& directory)
{
    const auto storage = openAt(directory);
    std::puts(storage.ok() ? "opened" : storage.error().describe().c_str());
    return 0;
}

} // namespace

class EmbeddedStorageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anotherProcessIsToldThatTheStoreIsInUse()
    {
        const QTemporaryDir directory;
        const auto storage = openAt(directory.path().toStdString());
        QVERIFY(storage.ok());
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--open"), directory.path()});
        QVERIFY(child.waitForFinished());
        const QByteArray said = child.readAllStandardOutput();
        QVERIFY2(said.startsWith("storage/locked: Another server uses the data directory"), said.constData());
    }
    void sigkillLosesNothingAcknowledged()
    {
        const QTemporaryDir directory;
        std::uint64_t acknowledged = 0;
        for (int round = 0; round < 5; ++round) {
            QProcess child;
            child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--write"), directory.path()});
            const std::uint64_t until = acknowledged + 50 + static_cast<std::uint64_t>(round) * 13;
            while (acknowledged < until) {
                QVERIFY(child.waitForReadyRead(30'000));
                while (child.canReadLine()) {
                    const std::uint64_t seq = child.readLine().trimmed().toULongLong();
                    QCOMPARE(seq, ++acknowledged);
                }
            }
            ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
            QVERIFY(child.waitForFinished());
            while (child.canReadLine()) { // Acknowledged before the kill, read after it.
                const std::uint64_t seq = child.readLine().trimmed().toULongLong();
                QCOMPARE(seq, ++acknowledged);
            }
            const auto storage = openAt(directory.path().toStdString());
            QVERIFY(storage.ok());
            const auto page = (*storage)->read(theLog, Seq{}, 1'000'000, std::size_t{1} << 40U);
            QVERIFY(page.ok()); // read() refuses holes.
            QVERIFY(page->entries.size() >= acknowledged);
            for (std::size_t i = 0; i < page->entries.size(); ++i)
                QCOMPARE(page->entries[i].sendNo.value(), i + 1);
            // What was written without an answer stays, once: the next child goes on behind it.
            acknowledged = page->entries.size();
        }
    }
    void oneFsyncServesAllThatWaits()
    {
        const QTemporaryDir directory;
        const auto files = std::make_shared<FailingFileSystem>();
        const auto env = rocksdb::NewCompositeEnv(files);
        const auto storage = openAt(directory.path().toStdString(), env.get());
        std::atomic<int> unsynced{0};
        std::promise<void> all;
        const int before = files->syncs();
        for (std::uint64_t n = 1; n <= 2000; ++n) {
            (*storage)->submit(message(n), [&, n](const Result<Committed>& committed) {
                if (!committed.ok() || files->syncs() == before)
                    ++unsynced;
                if (n == 2000)
                    all.set_value();
            });
        }
        all.get_future().wait();
        QCOMPARE(unsynced.load(), 0);
        // 2,000 messages in groups of up to 1,024; the first ones go alone while the rest gathers.
        QVERIFY2(files->syncs() - before < 500, std::to_string(files->syncs() - before).c_str());
    }
    void closingAnswersEverybody()
    {
        const QTemporaryDir directory;
        std::atomic<int> answered{0};
        std::uint64_t kept = 0;
        {
            auto storage = std::move(openAt(directory.path().toStdString())).value();
            for (std::uint64_t n = 1; n <= 5000; ++n) {
                storage->submit(message(n), [&](const Result<Committed>& committed) {
                    ++answered;
                    kept += committed.ok() ? 1 : 0;
                });
            }
        }
        QCOMPARE(answered.load(), 5000);
        const auto storage = openAt(directory.path().toStdString());
        QCOMPARE((*storage)->nextSendNo(theLog, theDevice)->value(), kept + 1);
    }
    void aFullQueueIsBusyNotEndless()
    {
        const QTemporaryDir directory;
        const SystemClock clock;
        SeededRandom random;
        EmbeddedStorage::Options options;
        options.rocks.directory = directory.path().toStdString();
        options.limits.queueBytes = 64U << 10U;
        const auto storage = std::move(EmbeddedStorage::open(std::move(options), clock, random)).value();
        std::atomic<int> busy{0};
        std::atomic<int> left{1000};
        std::promise<void> all;
        for (std::uint64_t n = 1; n <= 1000; ++n) {
            storage->submit(message(n), [&](const Result<Committed>& committed) {
                busy += !committed.ok() && committed.error().is(StorageError::Busy) ? 1 : 0;
                if (--left == 0)
                    all.set_value();
            });
        }
        all.get_future().wait();
        QVERIFY(busy > 0 && busy < 1000);
    }
};

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QStringLiteral("--write"))
        return writeForEver(arguments.value(2).toStdString());
    if (arguments.value(1) == QStringLiteral("--open"))
        return openOnce(arguments.value(2).toStdString());
    EmbeddedStorageTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "EmbeddedStorageTest.moc"
