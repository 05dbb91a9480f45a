#include "core/protocol/wire/FrameCodec.h"

#include "core/protocol/wire/Limits.h"

#include <QTest>

using namespace kith;
using namespace kith::wire;

class FrameCodecTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrips()
    {
        const Bytes bytes = encodeFrame(REQUEST, SEND_MESSAGE, 7, "body");
        const auto frame = decodeFrame(bytes);
        QVERIFY(frame.ok());
        QCOMPARE(frame->method(), SEND_MESSAGE);
        QCOMPARE(frame->id(), 7ULL);
        QCOMPARE(frame->body(), std::string("body"));
    }
    /// Golden bytes: an encoding that devices in the field already speak. Never edit the right-hand side.
    void encodingIsFrozen()
    {
        QCOMPARE(toHex(encodeFrame(REQUEST, PING, 1, "x")), std::string("0801100518012201"
                                                                        "78"));
    }
    void refusesTooLargeBeforeParsing()
    {
        const auto frame = decodeFrame(Bytes(maxFrame + 1, '\0'));
        QVERIFY(!frame.ok());
        QVERIFY(frame.error().is(WireCode::TooLarge));
    }
    void refusesGarbageAndHalves()
    {
        QVERIFY(!decodeFrame("\xff\xff\xff").ok());
        const Bytes bytes = encodeFrame(REQUEST, PING, 1, Bytes(100, 'x'));
        for (std::size_t cut = 0; cut < bytes.size(); ++cut)
            QVERIFY(!decodeFrame(ByteView(bytes).substr(0, cut)).ok() || cut >= 6);
        QVERIFY(!decodeFrame(ByteView(bytes).substr(0, bytes.size() - 1)).ok());
    }
    void refusesIdsThatDoNotFitTheKind()
    {
        QVERIFY(!decodeFrame(encodeFrame(REQUEST, PING, 0, {})).ok());
        QVERIFY(!decodeFrame(encodeFrame(EVENT, ENTRIES, 3, {})).ok());
        QVERIFY(!decodeFrame(encodeFrame(FRAME_KIND_UNSPECIFIED, PING, 3, {})).ok());
        QVERIFY(decodeFrame(encodeFrame(EVENT, ENTRIES, 0, {})).ok());
    }
    void keepsUnknownFields()
    {
        Bytes bytes = encodeFrame(REQUEST, PING, 1, {});
        bytes += Bytes("\xa2\x06\x03xyz", 6); // field 100, a later version's
        const auto frame = decodeFrame(bytes);
        QVERIFY(frame.ok());
        QVERIFY(frame->SerializeAsString().find("xyz") != std::string::npos);
    }
    void everyErrorSurvivesTheWire()
    {
        for (int code = INVALID; code <= INTERNAL; ++code) {
            auto error = Error::make(static_cast<WireCode>(code), "why");
            error.retryAfter = std::chrono::milliseconds{250};
            const auto back = fromWire(toWire(error));
            QVERIFY(back.is(static_cast<WireCode>(code)));
            QCOMPARE(back.retryAfter.count(), 250);
            QCOMPARE(back.remedy, error.remedy);
        }
    }
    void foreignErrorsDoNotLeak()
    {
        Error foreign;
        foreign.domain = "storage";
        foreign.detail = "/var/lib/secret path";
        QVERIFY(toWire(foreign).detail().find("secret") == std::string::npos);
    }
    void everyCallHasItsOwnNumberAndName()
    {
        for (const Call& call : calls()) {
            QCOMPARE(findCall(call.method), &call);
            QCOMPARE(findCall(call.service, call.name), &call);
        }
        QVERIFY(findCall(static_cast<Method>(99)) == nullptr);
    }
};

QTEST_APPLESS_MAIN(FrameCodecTest)
#include "FrameCodecTest.moc"
