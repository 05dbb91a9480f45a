#include "core/store/ClientStore.h"
#include "tests/support/store/Rows.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace kith;
using namespace kith::test;

namespace
{

SecretBytes keyOf()
{
    return SecretBytes::copyOf(Bytes(32, '\x33'));
}

/// The program that is killed: stores batches and own messages for ever and says each time what is committed.
int storeForEver(const std::string& path)
{
    auto opened = ClientStore::open({path, {}}, keyOf());
    if (!opened.ok()) {
        std::printf("error %s\n", opened.error().describe().c_str());
        return 1;
    }
    ClientStore& store = **opened;
    prepare(store);
    std::uint64_t seq = store.conversations().find(testLog).value()->cursor.value();
    while (true) {
        std::vector<InboxRow> rows;
        for (std::uint64_t i = 0; i < 1 + seq % 40; ++i)
            rows.push_back(anasRow(seq + 1 + i, std::string(200, 'x')));
        const auto written = store.write([&]() -> Result<void> {
            KITH_CHECK(store.inbox().commit(batchOf(rows)));
            KITH_TRY(const MessageId id, store.outbox().compose(textTo(testLog, 50'000'000 + seq), self, selfDevice));
            KITH_CHECK(store.outbox().seal(id, "sealed", Bytes(32, 'c'), ""));
            return store.sessions().saveSessions({ana, anaDevice}, std::to_string(seq + rows.size()));
        });
        if (!written.ok()) {
            std::printf("error %s\n", written.error().describe().c_str());
            return 1;
        }
        seq += rows.size();
        std::printf("%llu\n", static_cast<unsigned long long>(seq));
        std::fflush(stdout);
    }
}

} // namespace

/// P1 and P2 under SIGKILL: what was said to be committed is there, and nothing is half there.
class KilledProcessTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void survivesKills()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("kith.db"));
        std::uint64_t said = 0;
        for (int round = 0; round < 8; ++round) {
            QProcess child;
            child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--store"), path});
            QVERIFY(child.waitForStarted());
            for (int line = 0; line < 3 + round * 3; ++line) {
                QTRY_VERIFY_WITH_TIMEOUT(child.canReadLine() || child.waitForReadyRead(100), 20'000);
                const QByteArray text = child.readLine().trimmed();
                QVERIFY2(!text.startsWith("error"), text.constData());
                said = text.toULongLong();
            }
            child.kill(); // SIGKILL
            QVERIFY(child.waitForFinished());
            for (QByteArray text = child.readLine(); !text.isEmpty(); text = child.readLine())
                if (text.endsWith('\n'))
                    said = text.trimmed().toULongLong();

            auto store = ClientStore::open({path.toStdString(), {}}, keyOf());
            KITH_VERIFY_OK(store);
            const Conversation now = (*store)->conversations().find(testLog).value().value();
            QVERIFY(now.cursor.value() >= said);
            QCOMPARE(now.chain, chainOf(now.cursor.value()));
            QCOMPARE(std::uint64_t{now.unread}, now.cursor.value());
            const std::uint64_t from = now.cursor.value() > 900 ? now.cursor.value() - 900 : 1;
            QCOMPARE((*store)->messages().range(testLog, seqOf(from), now.cursor)->size(),
                     now.cursor.value() - from + 1);
            const auto sessions = (*store)->sessions().loadSessions({ana, anaDevice}).value();
            QCOMPARE(std::string(sessions->exposeSecret()), std::to_string(now.cursor.value()));
            // Numbers without a hole, each with its ciphertext.
            const auto items = (*store)->outbox().unanswered(testLog, 100'000).value();
            QCOMPARE(items.size(), now.lastSendNo.value());
            for (std::size_t i = 0; i < items.size(); ++i)
                QCOMPARE(items[i].sendNo.value(), i + 1);
        }
        auto database = sqlite::Database::open({path.toStdString(), sqlite::Access::ReadOnly, {}}, keyOf());
        KITH_VERIFY_OK((*database)->verifyPages());
    }
    void twoProgramsDoNotShareAProfile()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("kith.db"));
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--store"), path});
        QTRY_VERIFY_WITH_TIMEOUT(child.canReadLine() || child.waitForReadyRead(100), 20'000);
        const auto second = ClientStore::open({path.toStdString(), {}}, keyOf());
        KITH_VERIFY_FAILS(second, StoreError::Busy);
        child.kill();
        QVERIFY(child.waitForFinished());
        KITH_VERIFY_OK(ClientStore::open({path.toStdString(), {}}, keyOf())); // its lock died with it
        KITH_VERIFY_FAILS(
            ClientStore::open({folder.filePath(QStringLiteral("no/folder.db")).toStdString(), {}}, keyOf()),
            StoreError::Io);
    }
};

int main(int argc, char** argv)
{
    if (argc == 3 && std::string(argv[1]) == "--store")
        return storeForEver(argv[2]);
    QCoreApplication application(argc, argv);
    KilledProcessTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "KilledProcessTest.moc"
