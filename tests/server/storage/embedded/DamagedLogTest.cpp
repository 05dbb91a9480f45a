// P1 against a disk that lies: whatever becomes of the log's octets, the store opens with everything that was
// acknowledged, or not at all.
#include "server/storage/embedded/RocksCheck.h"
#include "tests/support/base/SeededRandom.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

constexpr int writes = 150;

RocksKv::Options at(const QString& directory)
{
    RocksKv::Options options;
    options.directory = directory.toStdString();
    return options;
}

Bytes keyOf(int number)
{
    Bytes key = "aab";
    appendBigEndian(key, static_cast<std::uint64_t>(number));
    return key;
}

/// A store as SIGKILL leaves it, by copying it while it is open.
void copyStore(const QString& from, const QString& to)
{
    QVERIFY(QDir().mkpath(to));
    for (const QString& name : QDir(from).entryList(QDir::Files)) {
        if (name != QStringLiteral("LOCK"))
            QVERIFY(QFile::copy(from + QLatin1Char('/') + name, to + QLatin1Char('/') + name));
    }
}

QString logOf(const QString& store)
{
    return store + QLatin1Char('/') + QDir(store).entryList({QStringLiteral("*.log")}, QDir::Files, QDir::Name).last();
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void setContent(const QString& path, const QByteArray& content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(content) == content.size());
}

std::map<QString, QByteArray> allFiles(const QString& store)
{
    std::map<QString, QByteArray> files;
    for (const QString& name : QDir(store).entryList(QDir::Files)) {
        if (name != QStringLiteral("LOCK"))
            files[name] = contentOf(store + QLatin1Char('/') + name);
    }
    return files;
}

} // namespace

class DamagedLogTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        SeededRandom random(11);
        auto kv = std::move(RocksKv::open(at(pristine()))).value();
        for (int i = 0; i < writes; ++i) {
            if (i == writes / 2)
                halfNote_ = contentOf(pristine() + QStringLiteral("/acknowledged"));
            if (i == writes - 1)
                beforeLast_ = contentOf(logOf(pristine())).size();
            QVERIFY(kv->write({{}, {{keyOf(i), random.bytes(50 + random.below(i % 20 == 0 ? 40'000 : 900))}}}).ok());
        }
        copyStore(pristine(), killed());
        log_ = contentOf(logOf(killed()));
        QVERIFY(log_.size() > 3 * 32'768); // several blocks, and records that span them
    }
    void whatIsWholeOpensWhole() { QCOMPARE(opens(log_), writes); }
    void aFlippedOctetAnywhereIsRefused()
    {
        SeededRandom random(3);
        int refused = 0;
        for (int i = 0; i < 220; ++i) {
            // Each octet of the first records' heads, then anywhere, the last record included.
            const qsizetype place = i < 60    ? i
                                    : i < 120 ? beforeLast_ + i - 60
                                              : static_cast<qsizetype>(random.below(log_.size()));
            QByteArray log = log_;
            log[place] = static_cast<char>(log[place] ^ (1 << random.below(8)));
            const int found = opens(log);
            QVERIFY2(found == writes || found == -1, qPrintable(QStringLiteral("%1 at %2").arg(found).arg(place)));
            refused += found == -1 ? 1 : 0;
        }
        QVERIFY2(refused > 200, qPrintable(QString::number(refused)));
    }
    void aLogThatEndsTooEarlyIsRefused()
    {
        SeededRandom random(4);
        for (const qsizetype size : {qsizetype{0}, beforeLast_, qsizetype{log_.size() - 1}}) {
            QCOMPARE(opens(log_.left(size)), -1);
            QCOMPARE(opens(log_.left(size) + QByteArray(log_.size() - size, '\0')), -1);
        }
        for (int i = 0; i < 15; ++i)
            QCOMPARE(opens(log_.left(static_cast<qsizetype>(random.below(log_.size())))), -1);
    }
    /// The note is not synced: a power cut may leave an old one. Then the log alone must tell a torn end from damage.
    void aTornEndAfterAPowerCutOpens()
    {
        for (qsizetype size = beforeLast_; size < log_.size(); size += 53) {
            QCOMPARE(opens(log_.left(size), halfNote_), writes - 1);
            QCOMPARE(opens(log_.left(size) + QByteArray(log_.size() - size, '\0'), halfNote_), writes - 1);
        }
    }
    void damageBeforeTheEndIsRefusedAfterAPowerCutToo()
    {
        SeededRandom random(5);
        for (int i = 0; i < 60; ++i) {
            QByteArray log = log_;
            const auto place = static_cast<qsizetype>(random.below(log_.size() - 60'000));
            log[place] = static_cast<char>(log[place] ^ (1 << random.below(8)));
            const int found = opens(log, halfNote_);
            QVERIFY2(found == writes || found == -1, qPrintable(QStringLiteral("%1 at %2").arg(found).arg(place)));
        }
        for (const int bit : {1, 2, 4, 8, 128}) { // a record's type: RocksDB takes some for the end of the log
            QByteArray log = log_;
            log[6] = static_cast<char>(log[6] ^ bit);
            QCOMPARE(opens(log, "no note"), -1);
        }
    }
    /// A page that never reached the disk, where blocks and so records begin: RocksDB skips the block in silence.
    void aPageOfZerosInTheMiddleIsRefused()
    {
        for (qsizetype block = 0; block + 2 * 32'768 < log_.size(); block += 32'768) {
            QByteArray log = log_;
            log.replace(block, 4096, QByteArray(4096, '\0'));
            QCOMPARE(opens(log), -1);
            QCOMPARE(opens(log, "no note"), -1);
        }
    }
    void aRepairLeavesNoHoles()
    {
        const QTemporaryDir place;
        const QString store = place.filePath(QStringLiteral("store"));
        copyStore(killed(), store);
        QByteArray log = log_;
        log.replace(32'768, 4096, QByteArray(4096, '\0'));
        setContent(logOf(store), log);
        QVERIFY(salvageRocks(at(store)).ok());
        RocksKv::Options salvaged = at(store);
        salvaged.salvaged = true;
        const auto kv = RocksKv::open(salvaged);
        QVERIFY(kv.ok());
        int found = 0;
        while ((*kv)->get(keyOf(found))->has_value())
            ++found;
        QVERIFY(found > 0 && found < writes);
        for (int i = found; i < writes; ++i)
            QVERIFY(!(*kv)->get(keyOf(i))->has_value());
    }
    void aRefusalSaysWhatToDoAndChangesNothing()
    {
        const QTemporaryDir place;
        const QString store = place.filePath(QStringLiteral("store"));
        QByteArray log = log_;
        log[log.size() / 2] = static_cast<char>(~log[log.size() / 2]);
        copyStore(killed(), store);
        setContent(logOf(store), log);
        const auto before = allFiles(store);
        const auto opened = RocksKv::open(at(store));
        QVERIFY(!opened.ok() && opened.error().is(StorageError::Damaged));
        for (const char* words : {"cannot be read", "Nothing was changed", "backup", "kithd repair"})
            QVERIFY2(opened.error().detail.find(words) != std::string::npos, opened.error().detail.c_str());
        QVERIFY(allFiles(store) == before);
    }
    void aRepairKeepsTheFilesAndTheReadablePart()
    {
        const QTemporaryDir place;
        const QString store = place.filePath(QStringLiteral("store"));
        const QString aside = place.filePath(QStringLiteral("aside"));
        QByteArray log = log_;
        log[log.size() / 2] = static_cast<char>(~log[log.size() / 2]);
        copyStore(killed(), store);
        setContent(logOf(store), log);
        const auto before = allFiles(store);
        const auto finding = inspectRocks(at(store));
        QVERIFY(finding.ok() && finding->state == RocksFinding::State::Damaged);
        QCOMPARE(finding->lost(), writes - finding->readable);
        QVERIFY(copyAside(store.toStdString(), aside.toStdString()).ok());
        QVERIFY(allFiles(aside) == before);
        QVERIFY(salvageRocks(at(store)).ok());
        QVERIFY(!RocksKv::open(at(store)).ok()); // a repair that was interrupted is no repair
        RocksKv::Options salvaged = at(store);
        salvaged.salvaged = true;
        {
            auto kv = RocksKv::open(salvaged);
            QVERIFY(kv.ok());
            QVERIFY((*kv)->write({{}, {{"aac", "new"}}}).ok());
        }
        QVERIFY(!RocksKv::open(at(store)).ok());
        {
            auto kv = RocksKv::open(salvaged);
            QVERIFY(kv.ok() && (*kv)->acceptLoss().ok());
        }
        const auto kv = RocksKv::open(at(store));
        QVERIFY2(kv.ok(), kv.ok() ? "" : kv.error().detail.c_str());
        for (std::uint64_t i = 0; i < finding->readable; ++i)
            QVERIFY((*kv)->get(keyOf(static_cast<int>(i)))->has_value());
        QVERIFY(allFiles(aside) == before);
    }
    void aRepairMakesALostListOfFilesAnew()
    {
        const QTemporaryDir place;
        const QString store = place.filePath(QStringLiteral("store"));
        copyStore(killed(), store);
        QVERIFY(QFile::remove(store + QStringLiteral("/CURRENT")));
        const auto finding = inspectRocks(at(store));
        QVERIFY(finding.ok() && finding->state == RocksFinding::State::Damaged);
        QVERIFY(!RocksKv::open(at(store)).ok());
        QVERIFY(salvageRocks(at(store)).ok());
        RocksKv::Options salvaged = at(store);
        salvaged.salvaged = true;
        const auto kv = RocksKv::open(salvaged);
        QVERIFY(kv.ok() && (*kv)->acceptLoss().ok());
        for (int i = 0; i < writes; ++i)
            QVERIFY((*kv)->get(keyOf(i))->has_value());
    }

private:
    [[nodiscard]] QString pristine() const { return place_.filePath(QStringLiteral("pristine")); }
    [[nodiscard]] QString killed() const { return place_.filePath(QStringLiteral("killed")); }

    /// How many writes a store with this log opens with; -1: refused as damaged.
    int opens(const QByteArray& log, const QByteArray& note = {})
    {
        const QTemporaryDir place;
        const QString store = place.filePath(QStringLiteral("store"));
        copyStore(killed(), store);
        setContent(logOf(store), log);
        if (!note.isEmpty())
            setContent(store + QStringLiteral("/acknowledged"), note);
        const auto kv = RocksKv::open(at(store));
        if (!kv.ok())
            return kv.error().is(StorageError::Damaged) ? -1 : -2;
        int found = 0;
        while (found < writes && (*kv)->get(keyOf(found))->has_value())
            ++found;
        return found;
    }

    QTemporaryDir place_;
    QByteArray log_;
    QByteArray halfNote_;
    qsizetype beforeLast_ = 0; ///< Where the last write begins in the log.
};

QTEST_APPLESS_MAIN(DamagedLogTest)
#include "DamagedLogTest.moc"
