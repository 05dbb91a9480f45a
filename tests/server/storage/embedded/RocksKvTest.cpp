#include "server/storage/embedded/RocksKv.h"

#include "tests/support/base/SeededRandom.h"
#include "tests/support/server/MemoryKv.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::test;

namespace
{

RocksKv::Options at(const QTemporaryDir& directory)
{
    RocksKv::Options options;
    options.directory = directory.filePath(QStringLiteral("store")).toStdString();
    return options;
}

/// All that an iterator over `prefix` shows from `key` on, or the one entry at or before it.
Bytes walk(const Kv& kv, ByteView prefix, ByteView key, bool backward)
{
    const auto it = kv.iterate(prefix);
    Bytes seen;
    if (backward)
        it->seekForPrev(key);
    else
        it->seek(key);
    for (int steps = 0; it->valid() && steps < 5; ++steps) {
        seen.append(toHex(it->key())).append("=").append(it->value()).append(" ");
        it->next();
    }
    if (!it->status().ok())
        seen.append("error");
    return seen;
}

} // namespace

class RocksKvTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Small memtables make it flush and compact all the while: prefix filters must hide nothing.
    void agreesWithTheMemoryTwin()
    {
        const QTemporaryDir directory;
        RocksKv::Options options = at(directory);
        options.memtableBytes = 64U << 10U;
        auto rocks = std::move(RocksKv::open(options)).value();
        MemoryKv memory;
        SeededRandom random(7);
        const auto randomKey = [&random] {
            // Few buckets, tables and logs, so that keys meet; some of the length of a record's key.
            Bytes key{'\0', static_cast<char>(random.below(3)), static_cast<char>(random.below(2) * 120 + 8)};
            key.append(Bytes(random.below(4) == 0 ? 5 : 16, static_cast<char>('a' + random.below(4))));
            appendBigEndian(key, random.below(300));
            return key;
        };
        for (int round = 0; round < 60; ++round) {
            KvBatch batch;
            for (int i = 0; i < 60; ++i) {
                std::optional<Bytes> value;
                if (random.below(5) != 0)
                    value = toHex(random.bytes(random.below(200)));
                (i < 5 ? batch.before : batch.main).push_back({randomKey(), std::move(value)});
            }
            QVERIFY(rocks->write(batch).ok());
            QVERIFY(memory.write(batch).ok());
            if (round % 20 == 19) {
                rocks.reset();
                rocks = std::move(RocksKv::open(options)).value();
            }
            for (int i = 0; i < 40; ++i) {
                const Bytes key = randomKey();
                QCOMPARE(*rocks->get(key), *memory.get(key));
                for (const std::size_t size : {key.size() - 8, key.size() - 3, std::size_t{3}, std::size_t{2}}) {
                    const ByteView prefix = ByteView(key).substr(0, size);
                    QCOMPARE(walk(*rocks, prefix, key, false), walk(memory, prefix, key, false));
                    QCOMPARE(walk(*rocks, prefix, key, true), walk(memory, prefix, key, true));
                    QCOMPARE(walk(*rocks, prefix, prefix, false), walk(memory, prefix, prefix, false));
                }
            }
        }
    }
    void anIteratorKeepsItsMoment()
    {
        const QTemporaryDir directory;
        const auto rocks = std::move(RocksKv::open(at(directory))).value();
        QVERIFY(rocks->write({{}, {{"aab1", "one"}}}).ok());
        const auto it = rocks->iterate("aab");
        QVERIFY(rocks->write({{}, {{"aab2", "two"}, {"aab1", std::nullopt}}}).ok());
        QVERIFY((it->seek("aab"), it->valid()));
        QCOMPARE(Bytes(it->value()), Bytes("one"));
        QVERIFY((it->next(), !it->valid()));
    }
    void aDirectoryThatCannotBeMadeIsSaidInWords()
    {
        const QTemporaryDir directory;
        QFile file(directory.filePath(QStringLiteral("store")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        RocksKv::Options options = at(directory);
        options.directory += "/below";
        const auto opened = RocksKv::open(options);
        QVERIFY(!opened.ok() && opened.error().is(StorageError::Unopened));
        QVERIFY(opened.error().detail.find(options.directory) != std::string::npos);
    }
    void theSameDirectoryTwiceIsLocked()
    {
        const QTemporaryDir directory;
        const auto first = RocksKv::open(at(directory));
        QVERIFY(first.ok());
        const auto second = RocksKv::open(at(directory));
        QVERIFY(!second.ok());
        QVERIFY2(second.error().is(StorageError::Locked), second.error().describe().c_str());
    }
    void aDamagedDatabaseIsRefusedInWords()
    {
        const QTemporaryDir directory;
        {
            const auto kv = RocksKv::open(at(directory));
            QVERIFY((*kv)->write({{}, {{"key", "value"}}}).ok());
        }
        const QString store = QString::fromStdString(at(directory).directory);
        const QStringList manifests = QDir(store).entryList({QStringLiteral("MANIFEST-*")});
        QVERIFY(!manifests.isEmpty());
        QFile manifest(store + QLatin1Char('/') + manifests.first());
        QVERIFY(manifest.open(QIODevice::ReadWrite));
        QVERIFY(manifest.seek(7) && manifest.write("rubbish, rubbish") > 0);
        manifest.close();
        const auto opened = RocksKv::open(at(directory));
        QVERIFY(!opened.ok());
        QVERIFY2(opened.error().is(StorageError::Damaged), opened.error().describe().c_str());
    }
    void onlyTheOwnerMayLook()
    {
        const QTemporaryDir directory;
        const auto kv = RocksKv::open(at(directory));
        const auto permissions = QFile::permissions(QString::fromStdString(at(directory).directory));
        QVERIFY(!(permissions & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeGroup | QFile::ExeOther)));
    }
};

QTEST_APPLESS_MAIN(RocksKvTest)
#include "RocksKvTest.moc"
