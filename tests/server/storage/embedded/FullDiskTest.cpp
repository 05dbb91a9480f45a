#include "server/storage/embedded/EmbeddedStorage.h"
#include "tests/support/base/FakeClock.h"
#include "tests/support/base/SeededRandom.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <future>

// A disk that is really full: a small tmpfs in a mount namespace of this process alone.

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

const LogId theLog = *LogId::fromBytes(Bytes(16, 'l'));

Result<Committed> append(Storage& storage, std::size_t bodySize)
{
    NewEntry entry;
    entry.kind = EntryKind::System;
    entry.body = Bytes(bodySize, 'b');
    Transaction transaction;
    transaction.bucket = bucketOf(theLog.view());
    transaction.appends.emplace_back().log = theLog;
    transaction.appends[0].entries.push_back(std::move(entry));
    std::promise<Result<Committed>> done;
    storage.submit(std::move(transaction), [&done](Result<Committed> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

void writeFile(const char* path, const QByteArray& text)
{
    QFile file(QString::fromLatin1(path));
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
}

/// A mount namespace of our own, as root or as a user who may map himself. Before any thread starts.
bool ownMounts()
{
    const auto user = static_cast<int>(::getuid());
    const auto group = static_cast<int>(::getgid());
    if (::unshare(CLONE_NEWNS) == 0)
        return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    writeFile("/proc/self/setgroups", "deny");
    writeFile("/proc/self/uid_map", "0 " + QByteArray::number(user) + " 1");
    writeFile("/proc/self/gid_map", "0 " + QByteArray::number(group) + " 1");
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

} // namespace

class FullDiskTest : public QObject
{
    Q_OBJECT
public:
    explicit FullDiskTest(QByteArray mountPoint) : mountPoint_(std::move(mountPoint)) {}

private Q_SLOTS:
    void aFullDiskStopsWritesAndKeepsWhatWasAcknowledged()
    {
        const FakeClock clock;
        SeededRandom random;
        std::promise<Error> stopped;
        EmbeddedStorage::Options options;
        options.rocks.directory = mountPoint_.toStdString() + "/store";
        options.onStopped = [&stopped](const Error& why) { stopped.set_value(why); };
        std::uint64_t& acknowledged = acknowledged_;
        {
            const auto storage = std::move(EmbeddedStorage::open(options, clock, random)).value();
            for (;;) {
                const auto committed = append(*storage, 60'000);
                if (!committed.ok()) {
                    QVERIFY2(committed.error().is(StorageError::Full), committed.error().describe().c_str());
                    break;
                }
                ++acknowledged;
                QVERIFY(acknowledged < 1000);
            }
            QVERIFY(acknowledged > 10);
            QVERIFY(stopped.get_future().get().is(StorageError::Full));
            // Small enough to fit, but the file is never tried again.
            const auto later = append(*storage, 1);
            QVERIFY(!later.ok() && later.error().is(StorageError::Stopped));
            const auto page = storage->read(theLog, Seq{}, 10'000, std::size_t{1} << 40U);
            QCOMPARE(page->entries.size(), static_cast<std::size_t>(acknowledged));
        }
        options.onStopped = nullptr;
        const auto stillFull = EmbeddedStorage::open(options, clock, random);
        if (!stillFull.ok()) // It may find room for what it needs; if not, it says why.
            QVERIFY2(stillFull.error().is(StorageError::Full), stillFull.error().describe().c_str());
    }
    void roomHelps()
    {
        QCOMPARE(::mount("tmpfs", mountPoint_.constData(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
        const FakeClock clock;
        SeededRandom random;
        EmbeddedStorage::Options options;
        options.rocks.directory = mountPoint_.toStdString() + "/store";
        const auto storage = EmbeddedStorage::open(options, clock, random);
        QVERIFY2(storage.ok(), storage.ok() ? "" : storage.error().describe().c_str());
        const auto before = (*storage)->head(theLog)->head;
        QVERIFY(before.value() >= acknowledged_);
        QCOMPARE(append(**storage, 60'000)->accepted[0][0].seq, before.next());
    }

private:
    QByteArray mountPoint_;
    std::uint64_t acknowledged_ = 0;
};

int main(int argc, char** argv)
{
    const QTemporaryDir directory;
    const QByteArray mountPoint = QFile::encodeName(directory.path());
    if (!ownMounts() || ::mount("tmpfs", mountPoint.constData(), "tmpfs", 0, "size=8m") != 0) {
        std::printf("SKIP FullDiskTest: this user may not mount a small disk (%s)\n", std::strerror(errno));
        return 0;
    }
    FullDiskTest test(mountPoint);
    const int failed = QTest::qExec(&test, argc, argv);
    ::umount2(mountPoint.constData(), MNT_DETACH);
    return failed;
}
#include "FullDiskTest.moc"
