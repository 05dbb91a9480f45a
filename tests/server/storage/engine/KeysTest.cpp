#include "server/storage/engine/Keys.h"

#include <QTest>

using namespace kith;
using namespace kith::server;

// The layout on disk (docs/protocol/storage-layout.md), octet by octet: a change here is a new store format.
class KeysTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bucketsAreTheHashOfTheId()
    {
        // SHA-256("abc") begins with ba 78; of "" with e3 b0; modulo 4096 the low 12 bits stay.
        QCOMPARE(bucketOf("abc").value(), std::uint16_t{0xa78});
        QCOMPARE(bucketOf("").value(), std::uint16_t{0x3b0});
    }
    void layout()
    {
        const Bucket bucket{std::uint16_t{0x0102}};
        const LogId log = *LogId::fromBytes(Bytes(16, '\x11'));
        const UserId user = *UserId::fromBytes(Bytes(16, '\x22'));
        const DeviceId device = *DeviceId::fromBytes(Bytes(16, '\x33'));
        const std::string l(32, '1');
        const std::string u(32, '2');
        const std::string d(32, '3');
        QCOMPARE(toHex(keys::record({bucket, Table::Conversation, "key"})), std::string("010208") + "6b6579");
        QCOMPARE(toHex(keys::row(bucket, log, Seq{std::uint64_t{258}})), "010280" + l + "0000000000000102");
        QCOMPARE(toHex(keys::sent(bucket, log, device, SendNo{std::uint64_t{65}})), "010281" + l + d + "01");
        QCOMPARE(toHex(keys::cursor(bucket, log, user, device)), "010282" + l + u + d);
        QCOMPARE(toHex(keys::mark(bucket, log, user)), "010283" + l + u);
        QCOMPARE(toHex(keys::hour(bucket, 7, log)), "010284" + std::string("0000000000000007") + l);
        Bytes users;
        appendBigEndian16(users, bucketOf(user.view()).value());
        QCOMPARE(toHex(keys::activity(user, 7, log)), toHex(users) + "85" + u + "0000000000000007" + l);
    }
    void keysOfALogSortByNumber()
    {
        const Bucket bucket{std::uint16_t{1}};
        const LogId log = *LogId::fromBytes(Bytes(16, '\xff'));
        QVERIFY(keys::row(bucket, log, Seq{std::uint64_t{255}}) < keys::row(bucket, log, Seq{std::uint64_t{256}}));
        QVERIFY(keys::row(bucket, log, Seq{~std::uint64_t{0}}) <
                keys::after(keys::ofLog(bucket, keys::Tag::LogRow, log)));
    }
    void partsComeBackAndWrongLengthsDoNot()
    {
        const LogId log = *LogId::fromBytes(Bytes(16, 'l'));
        const UserId user = *UserId::fromBytes(Bytes(16, 'u'));
        const Bytes row = keys::row(Bucket{}, log, Seq{std::uint64_t{9}});
        QCOMPARE(keys::parseRow(row)->seq.value(), std::uint64_t{9});
        QVERIFY(!keys::parseRow(row + "x") && !keys::parseRow(ByteView(row).substr(0, row.size() - 1)));
        const auto activity = keys::parseActivity(keys::activity(user, 8, log));
        QVERIFY(activity && activity->user == user && activity->hour == 8 && activity->log == log);
        const auto hour = keys::parseHour(keys::hour(Bucket{}, 8, log));
        QVERIFY(hour && hour->hour == 8 && hour->log == log);
        QVERIFY(!keys::parseActivity("") && !keys::parseHour("x") && !keys::parseMark(row));
    }
};

QTEST_APPLESS_MAIN(KeysTest)
#include "KeysTest.moc"
