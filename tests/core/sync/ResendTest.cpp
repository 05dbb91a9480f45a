#include "core/sync/Resend.h"

#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

class Desk : public SyncBench
{
public:
    Desk() { goOnline(); }

    void receiveUnopened(std::uint64_t seq)
    {
        InboxRow row = waitingRow(seq);
        row.author = anna.user();
        row.device = anna.device().device;
        KITH_VERIFY_OK(store->inbox().commit(batchOf({row})));
    }
    std::optional<wire::ResendRequest> asks() { return server.hear<wire::ResendRequest>(wire::REQUEST_RESEND); }
    void noAnswer(wire::WireCode code)
    {
        QVERIFY(server.refuse(code, "no"));
        time.settle();
    }
    std::vector<WaitingMessage> waiting() { return *store->inbox().waiting(10); }

    /// An own message that the server accepted as number 1.
    void say(const std::string& words)
    {
        QVERIFY(outbox.compose(text(words)).ok());
        time.settle();
        QVERIFY(server.hear<wire::SendMessageRequest>(wire::SEND_MESSAGE));
        wire::SendMessageResponse answer;
        answer.set_generation(1);
        answer.set_seq(1);
        answer.set_server_time_ms(toMillis(context->now()));
        answer.set_chain(Bytes(32, 'x'));
        QVERIFY(server.answer(answer));
        time.settle();
    }
    wire::ResendWanted wanted()
    {
        wire::ResendWanted out;
        out.set_log_id(testLog.bytes());
        out.set_generation(1);
        out.set_seq(1);
        out.set_user(anna.user().bytes());
        out.set_device(anna.device().device.bytes());
        out.set_incarnation(anna.device().incarnation.bytes());
        return out;
    }
    /// What leaves after that request.
    std::optional<wire::SendMessageRequest> answers(const wire::ResendWanted& request)
    {
        resend.wanted(request);
        time.settle();
        return server.hear<wire::SendMessageRequest>(wire::SEND_MESSAGE);
    }

    Outbox outbox{*context, *directory, {[](LogId) {}}};
    Resend resend{*context, *directory, outbox};
};

} // namespace

class ResendTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksOnceOnAConnection()
    {
        Desk desk;
        desk.receiveUnopened(1);
        desk.resend.ask();
        const auto asked = desk.asks();
        QVERIFY(asked && asked->seq() == 1);
        QVERIFY(desk.server.answer(wire::ResendResponse()));
        desk.time.settle();
        QCOMPARE(desk.waiting().front().asked, 1U);
        desk.resend.ask();
        QVERIFY(desk.transport.silence());
        desk.receiveUnopened(2);
        desk.resend.ask();
        const auto second = desk.asks();
        QVERIFY(second && second->seq() == 2);
        QVERIFY(!desk.asks());
        desk.breakOff();
        desk.goOnline();
        desk.resend.connected();
        QVERIFY(desk.asks() && desk.asks() && !desk.asks());
    }
    void goneEndsTheWait()
    {
        Desk desk;
        desk.receiveUnopened(1);
        desk.resend.ask();
        QVERIFY(desk.asks());
        desk.noAnswer(wire::WireCode::NotFound);
        QVERIFY(desk.waiting().empty());
        const auto row = desk.store->messages().find(testLog, at(1));
        QVERIFY(row && *row);
        QCOMPARE((*row)->kind, MessageKind::Lost);
        QCOMPARE((*row)->raw, Bytes("gone"));
    }
    void aBusyServerEndsNothing()
    {
        Desk desk;
        desk.receiveUnopened(1);
        desk.resend.ask();
        QVERIFY(desk.asks());
        desk.noAnswer(wire::WireCode::Unavailable);
        QCOMPARE(desk.waiting().size(), 1U);
        desk.breakOff();
        desk.goOnline();
        desk.resend.connected();
        QVERIFY(desk.asks());
    }
    /// The same content, sealed for that one device and for nobody else.
    void answersTheDeviceThatAsks()
    {
        Desk desk;
        desk.say("hello");
        const auto answer = desk.answers(desk.wanted());
        QVERIFY(answer);
        QCOMPARE(answer->kind(), wire::RESEND);
        QCOMPARE(answer->resend_seq(), 1U);
        QCOMPARE(answer->send_no(), 2U);
        QCOMPARE(answer->envelopes_size(), 1);
        QCOMPARE(answer->envelopes(0).device_id(), desk.anna.device().device.bytes());
        QCOMPARE(desk.crypto.wanted, std::vector<DeviceAddress>{desk.anna.device().address()});
        QCOMPARE(desk.texts(), std::vector<std::string>{"hello"}); // no second row on this side
    }
    void answersNobodyElse_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"another incarnation", "another device", "a stranger", "another row", "no ids"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void answersNobodyElse()
    {
        QFETCH(QString, what);
        Desk desk;
        desk.say("hello");
        wire::ResendWanted request = desk.wanted();
        if (what == QStringLiteral("another incarnation"))
            request.set_incarnation(Bytes(16, 'i'));
        else if (what == QStringLiteral("another device"))
            request.set_device(Bytes(16, 'd'));
        else if (what == QStringLiteral("a stranger"))
            request.set_user(Bytes(16, 'u'));
        else if (what == QStringLiteral("another row"))
            request.set_seq(2);
        else
            request.set_user("short");
        QVERIFY(!desk.answers(request));
        QVERIFY(desk.crypto.wanted.empty());
    }
    void whatOthersWroteIsNotOursToSend()
    {
        Desk desk;
        InboxRow row = anasRow(1);
        row.author = desk.anna.user();
        row.device = desk.anna.device().device;
        KITH_VERIFY_OK(desk.store->inbox().commit(batchOf({row})));
        QVERIFY(!desk.answers(desk.wanted()));
    }
    void aMonthLaterItIsGone()
    {
        Desk desk;
        desk.say("hello");
        desk.clock.advanceMono(Resend::answeredFor + Millis{1000});
        QVERIFY(!desk.answers(desk.wanted()));
    }
};

QTEST_GUILESS_MAIN(ResendTest)
#include "ResendTest.moc"
