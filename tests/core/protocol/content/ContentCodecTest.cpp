#include "core/protocol/content/ContentCodec.h"

#include <QTest>

using namespace kith;
using namespace kith::content;

class ContentCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textRoundTrips()
    {
        Content content;
        content.mutable_text()->set_text("Grüße \xF0\x9F\x91\x8B");
        content.mutable_text()->mutable_reply_to()->set_author(Bytes(16, 'a'));
        content.mutable_text()->mutable_reply_to()->set_client_msg_id(Bytes(16, 'm'));
        content.mutable_sender()->set_clock_ms(7);
        const auto back = decode(encode(content));
        QVERIFY(back.ok());
        QCOMPARE(back->text().text(), content.text().text());
        QCOMPARE(back->sender().clock_ms(), 7);
    }
    /// Golden bytes: what devices in the field have stored. Never edit the right-hand side.
    void encodingIsFrozen()
    {
        Content content;
        content.mutable_text()->set_text("hi");
        content.mutable_sender()->set_display_name("Ana");
        QCOMPARE(toHex(encode(content)), std::string("0a040a0268697a050a03416e61"));
    }
    void aLaterKindIsKnownAsSuch()
    {
        const auto later = decode(Bytes("\xa2\x06\x02hi", 5)); // field 100
        QVERIFY(!later.ok());
        QVERIFY(later.error().is(ContentError::Unknown));
    }
    void refusesWhatBreaksTheRules()
    {
        const auto isMalformed = [](const Bytes& bytes) {
            const auto decoded = decode(bytes);
            return !decoded.ok() && decoded.error().is(ContentError::Malformed);
        };
        QVERIFY(isMalformed("\xff\xff\xff"));
        QVERIFY(isMalformed(Bytes(maxContent + 1, '\0')));
        Content content;
        content.mutable_text();
        QVERIFY(isMalformed(encode(content))); // empty text
        content.mutable_text()->set_text("x");
        content.mutable_text()->mutable_reply_to()->set_author("short");
        QVERIFY(isMalformed(encode(content)));
        content.mutable_text()->clear_reply_to();
        content.mutable_sender()->set_display_name(Bytes(maxDisplayName + 1, 'n'));
        QVERIFY(isMalformed(encode(content)));
        QVERIFY(isMalformed(Bytes("\x0a\x04\x0a\x02\xff\xfe", 6))); // text that is not UTF-8
    }
};

QTEST_APPLESS_MAIN(ContentCodecTest)
#include "ContentCodecTest.moc"
