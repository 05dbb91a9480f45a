#include "server/storage/engine/RowCodec.h"

#include "server/storage/engine/ValueCodec.h"

#include <QTest>

using namespace kith;
using namespace kith::server;

namespace
{

Entry fullEntry()
{
    Entry entry;
    entry.kind = EntryKind::Application;
    entry.senderUser = *UserId::fromBytes(Bytes(16, 'u'));
    entry.senderDevice = *DeviceId::fromBytes(Bytes(16, 'd'));
    entry.clientMsgId = *ClientMsgId::fromBytes(Bytes(16, 'm'));
    entry.sendNo = SendNo{std::uint64_t{300}};
    entry.body = "body";
    entry.envelopes = {{entry.senderDevice, "sealed"}};
    entry.commitment = "commitment";
    entry.frankingTag = "tag";
    entry.epoch = 2;
    entry.expiryClass = 3;
    entry.blobIds = {"blob"};
    entry.homeTerm = 4;
    entry.wake = true;
    entry.generation = Generation{std::uint64_t{1}};
    entry.time = wallFromMillis(1000);
    entry.id = *EntryId::fromBytes(Bytes(16, 'i'));
    entry.bodyHash = Bytes(32, 'h');
    entry.chain = Bytes(32, 'c');
    return entry;
}

std::optional<Entry> decode(ByteView value)
{
    return decodeRow(LogId{}, Seq{std::uint64_t{1}}, value);
}

} // namespace

class RowCodecTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsRoundTrip()
    {
        const Bytes value = encodeRow(fullEntry());
        const auto back = decode(value);
        QVERIFY(back);
        QCOMPARE(encodeRow(*back), value);
        Entry bare; // The server's own, after a trim.
        bare.kind = EntryKind::System;
        bare.bodyHash = Bytes(32, 'h');
        bare.chain = Bytes(32, 'c');
        QVERIFY(decode(encodeRow(bare)));
        QVERIFY(encodeRow(bare).size() < 110);
    }
    void goldenRow()
    {
        // Format 1 as the first release wrote it: stored rows must decode for ever.
        const auto value = fromHex(
            "01010701e807" + std::string(32, '6').replace(0, 32, "69696969696969696969696969696969") +
            "75757575757575757575757575757575" + "64646464646464646464646464646464" +
            "6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d" + "ac02" + "02" + "03" + "04" + "20" +
            "6868686868686868686868686868686868686868686868686868686868686868" + "20" +
            "6363636363636363636363636363636363636363636363636363636363636363" + "0a636f6d6d69746d656e74" + "03746167" +
            "0104626c6f62" + "01" + "64646464646464646464646464646464" + "067365616c6564" + "04626f6479");
        QVERIFY(value);
        QCOMPARE(toHex(encodeRow(fullEntry())), toHex(*value));
    }
    void everyCutAndEveryTailIsRefused()
    {
        const Bytes value = encodeRow(fullEntry());
        for (std::size_t size = 0; size < value.size(); ++size)
            QVERIFY2(!decode(ByteView(value).substr(0, size)), std::to_string(size).c_str());
        QVERIFY(!decode(value + Bytes(1, '\0')));
    }
    void whatNoEncoderWritesIsRefused()
    {
        const Bytes value = encodeRow(fullEntry());
        const auto changed = [&value](std::size_t at, char octet) {
            Bytes other = value;
            other[at] = octet;
            return other;
        };
        QVERIFY(!decode(changed(0, 2)));      // Another format.
        QVERIFY(!decode(changed(2, 8)));      // An unknown flag.
        QVERIFY(!decode(changed(2, '\x87'))); // It would swallow what follows.
        Entry shortHash = fullEntry();
        shortHash.bodyHash = "short";
        QVERIFY(!decode(encodeRow(shortHash)));
    }
    void numbersAreMinimal()
    {
        for (const std::uint64_t number :
             {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, ~std::uint64_t{0}}) {
            ValueEncoder out(9);
            out.number(number);
            const Bytes value = std::move(out).take();
            ValueDecoder in(value, 9);
            QCOMPARE(in.number(), number);
            QVERIFY(in.finish());
        }
        const auto refused = [](const Bytes& octets) {
            const Bytes value = Bytes(1, 9) + octets;
            ValueDecoder in(value, 9);
            const std::uint64_t number = in.number();
            return number == 0 && !in.finish();
        };
        QVERIFY(refused(Bytes("\x80\x00", 2)));            // 0 in two octets.
        QVERIFY(refused(Bytes(9, '\xff') + "\x02"));       // 65 bits.
        QVERIFY(refused(Bytes(10, '\xff') + Bytes(1, 1))); // Eleven octets.
        QVERIFY(refused("\x80"));
    }
    void lengthsAreCheckedBeforeMemoryIsTaken()
    {
        ValueEncoder out(1);
        out.number(~std::uint64_t{0} >> 1U);
        const Bytes value = std::move(out).take();
        ValueDecoder octets(value, 1);
        QVERIFY(octets.octets().empty() && !octets.finish());
        ValueDecoder count(value, 1);
        QCOMPARE(count.count(1), std::size_t{0});
        QVERIFY(!count.finish());
    }
    void smallRowsRoundTrip()
    {
        const auto sent = decodeSent(encodeSent({SendNo{std::uint64_t{5}}, Seq{std::uint64_t{6}}}));
        QVERIFY(sent && sent->number.value() == 5 && sent->seq.value() == 6);
        QVERIFY(!decodeSent(encodeSent({SendNo{}, Seq{std::uint64_t{6}}})));
        const auto cursor = decodeCursor(encodeCursor({Seq{std::uint64_t{5}}, SendNo{std::uint64_t{6}}}));
        QVERIFY(cursor && cursor->cursor.value() == 5 && cursor->sendNo.value() == 6);
        const auto mark = decodeMark(encodeMark({Seq{std::uint64_t{5}}, Seq{std::uint64_t{6}}, 7}));
        QVERIFY(mark && mark->delivered.value() == 5 && mark->read.value() == 6 && mark->revision == 7);
        const auto rest = decodeLogRest(encodeLogRest({Seq{std::uint64_t{5}}, {}, 6}));
        QVERIFY(rest && rest->floor.value() == 5 && rest->epoch == 6);
        const Bytes stored = encodeRecord({8, "value"});
        const auto record = decodeRecord(stored);
        QVERIFY(record && record->version == 8 && record->value == "value");
        QVERIFY(!decodeRecord(encodeRecord({0, "value"})));
        QVERIFY(!decodeRecord("") && !decodeMark("\x01") && !decodeCursor("\x02") && !decodeLogRest("\x01"));
    }
};

QTEST_APPLESS_MAIN(RowCodecTest)
#include "RowCodecTest.moc"
