#include "core/sync/LogRow.h"

#include "core/crypto/Hash.h"

#include <QTest>

using namespace kith;

namespace
{

const LogId theLog = *LogId::fromBytes(Bytes(16, 'L'));

wire::Entry goodEntry()
{
    wire::Entry entry;
    entry.set_log_id(theLog.bytes());
    entry.set_generation(1);
    entry.set_seq(5);
    entry.set_kind(wire::APPLICATION);
    entry.set_sender_user(Bytes(16, 'u'));
    entry.set_sender_device(Bytes(16, 'd'));
    entry.set_client_msg_id(Bytes(16, 'm'));
    entry.set_body("sealed body");
    entry.set_body_hash(Bytes(sha256("sealed body").view()));
    entry.set_commitment(Bytes(32, 'c'));
    entry.set_chain(Bytes(32, 'x'));
    return entry;
}

} // namespace

class LogRowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAGoodEntry()
    {
        const auto row = readRow(theLog, goodEntry());
        QVERIFY(row.ok());
        QCOMPARE(row->position.seq.value(), 5ULL);
        QVERIFY(row->hasBody);
    }
    void refusesWhatTheServerMayNotSend_data()
    {
        QTest::addColumn<int>("field");
        for (int field = 0; field < 9; ++field)
            QTest::addRow("case %d", field) << field;
    }
    void refusesWhatTheServerMayNotSend()
    {
        QFETCH(const int, field);
        wire::Entry entry = goodEntry();
        switch (field) {
        case 0:
            entry.set_log_id(Bytes(16, 'o'));
            break;
        case 1:
            entry.set_seq(0);
            break;
        case 2:
            entry.set_generation(0);
            break;
        case 3:
            entry.set_sender_user("short");
            break;
        case 4:
            entry.clear_sender_device(); // a user without device
            break;
        case 5:
            entry.set_body("another body"); // not what the hash says
            break;
        case 6:
            entry.set_chain("short");
            break;
        case 7:
            entry.set_commitment("short");
            break;
        default:
            entry.set_client_msg_id(Bytes(17, 'm'));
        }
        const auto row = readRow(theLog, entry);
        QVERIFY(!row.ok());
    }
    void aTombstoneChainsAsWhatItWas()
    {
        const auto before = readRow(theLog, goodEntry());
        wire::Entry entry = goodEntry();
        entry.set_kind(wire::TOMBSTONE);
        entry.set_chained_kind(wire::APPLICATION);
        entry.clear_body();
        const auto after = readRow(theLog, entry);
        QVERIFY(before.ok() && after.ok());
        QVERIFY(!after->hasBody);
        QCOMPARE(chainAfter(chainStart(), *after), chainAfter(chainStart(), *before));
    }
    void theChainCoversOrderSenderAndContent()
    {
        const auto base = readRow(theLog, goodEntry());
        QVERIFY(base.ok());
        const Sha256Digest chain = chainAfter(chainStart(), *base);
        LogRow other = *base;
        other.position.seq = Seq{std::uint64_t{6}};
        QVERIFY(chainAfter(chainStart(), other) != chain);
        other = *base;
        other.senderDevice = *DeviceId::fromBytes(Bytes(16, 'e'));
        QVERIFY(chainAfter(chainStart(), other) != chain);
        other = *base;
        other.bodyHash = sha256("something else");
        QVERIFY(chainAfter(chainStart(), other) != chain);
        other = *base;
        other.commitment = Bytes(32, 'k');
        QVERIFY(chainAfter(chainStart(), other) != chain);
        QVERIFY(chainAfter(chain, *base) != chain);
    }
};

QTEST_APPLESS_MAIN(LogRowTest)
#include "LogRowTest.moc"
