#include "core/base/Bytes.h"

#include <QTest>

using namespace kith;

class BytesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hexRoundTrips()
    {
        const Bytes all("\x00\x7f\x80\xff", 4);
        QCOMPARE(toHex(all), std::string("007f80ff"));
        QCOMPARE(fromHex("007F80ff"), std::optional(all));
    }
    void hexRefusesOddAndForeign()
    {
        QVERIFY(!fromHex("0"));
        QVERIFY(!fromHex("0g"));
    }
    void base64UrlMatchesRfc4648()
    {
        // RFC 4648 section 10, without padding.
        const std::pair<const char*, const char*> rows[] = {
            {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}};
        for (const auto& [plain, text] : rows) {
            QCOMPARE(toBase64Url(plain), std::string(text));
            QCOMPARE(fromBase64Url(text), std::optional(Bytes(plain)));
        }
        QCOMPARE(toBase64Url("\xfb\xff"), std::string("-_8"));
    }
    void base64UrlRefusesWhatItWouldNotWrite()
    {
        QVERIFY(!fromBase64Url("Zg==")); // padding
        QVERIFY(!fromBase64Url("Zh"));   // trailing bits set
        QVERIFY(!fromBase64Url("Z"));    // impossible length
        QVERIFY(!fromBase64Url("Zm9+")); // the other alphabet
    }
    void bigEndianSortsLikeNumbers()
    {
        Bytes small;
        Bytes large;
        appendBigEndian(small, 255);
        appendBigEndian(large, 256);
        QVERIFY(small < large);
        QCOMPARE(readBigEndian(large), 256ULL);
    }
};

QTEST_APPLESS_MAIN(BytesTest)
#include "BytesTest.moc"
