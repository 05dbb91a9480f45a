#include "core/sync/Receipts.h"
#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

class Desk : public SyncBench
{
public:
    Desk() { goOnline(); }

    /// Ana's entries, stored as the inbox would.
    void receive(std::size_t count, bool opens = true)
    {
        InboxBatch batch;
        batch.log = testLog;
        for (std::size_t i = 0; i < count; ++i) {
            InboxRow row = opens ? anasRow(++seq_) : waitingRow(++seq_);
            row.author = anna.user();
            row.device = anna.device().device;
            batch.rows.push_back(std::move(row));
        }
        KITH_VERIFY_OK(store->inbox().commit(batch));
        receipts.schedule();
    }
    /// What is stated within the time for coalescing.
    std::optional<wire::AckRequest> states()
    {
        time.pass(Receipts::coalesce);
        return server.hear<wire::AckRequest>(wire::ACK);
    }
    void acknowledge()
    {
        QVERIFY(server.answer(wire::AckResponse()));
        time.settle();
    }
    bool pending() { return *receipts.pending(); }

    Receipts receipts{*context};

private:
    std::uint64_t seq_ = 0;
};

} // namespace

class ClientReceiptsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void manyStatementsAreOne()
    {
        Desk desk;
        desk.receive(1);
        desk.receive(1);
        QVERIFY(desk.receipts.markRead(testLog, seqOf(1)).ok());
        QVERIFY(desk.transport.silence());
        const auto ack = desk.states();
        QVERIFY(ack);
        QCOMPARE(ack->cursor(), 2U);
        QCOMPARE(ack->delivered(), 2U);
        QCOMPARE(ack->read(), 1U);
        QVERIFY(desk.transport.silence());
        QVERIFY(!desk.pending());
        desk.acknowledge();
        desk.receipts.schedule();
        QVERIFY(!desk.states()); // nothing new
    }
    void newsDuringAStatementAreStatedToo()
    {
        Desk desk;
        desk.receive(1);
        QVERIFY(desk.states());
        const std::uint64_t first = desk.server.lastId();
        desk.receive(1);
        const auto second = desk.states();
        QVERIFY(second && second->cursor() == 2);
        QVERIFY(desk.server.answerTo(first, wire::ACK, wire::AckResponse())); // of the state before
        desk.time.settle();
        desk.breakOff();
        desk.receipts.disconnected();
        desk.goOnline();
        desk.receipts.connected();
        const auto again = desk.states();
        QVERIFY(again && again->cursor() == 2); // that one was never acknowledged
    }
    void whatWasNotAcknowledgedIsStatedOnTheNextConnection()
    {
        Desk desk;
        desk.receive(3);
        QVERIFY(desk.states());
        desk.breakOff();
        desk.receipts.disconnected();
        QVERIFY(desk.pending());
        desk.goOnline();
        desk.receipts.connected();
        const auto again = desk.states();
        QVERIFY(again && again->cursor() == 3);
        desk.acknowledge();
        desk.breakOff();
        desk.receipts.disconnected();
        desk.goOnline();
        desk.receipts.connected();
        QVERIFY(!desk.states());
    }
    /// P5: a stranger does not learn whether the request was seen, or even arrived.
    void nothingLeavesBeforeARequestIsAccepted()
    {
        Desk desk;
        KITH_VERIFY_OK(desk.store->conversations().setRequest(testLog, RequestState::Incoming));
        desk.receive(2);
        QVERIFY(desk.receipts.markRead(testLog, seqOf(2)).ok());
        const auto ack = desk.states();
        QVERIFY(ack && ack->cursor() == 2);
        QCOMPARE(ack->delivered(), 0U);
        QCOMPARE(ack->read(), 0U);
        desk.acknowledge();
        KITH_VERIFY_OK(desk.store->conversations().setRequest(testLog, RequestState::Accepted));
        desk.receipts.schedule();
        const auto accepted = desk.states();
        QVERIFY(accepted && accepted->delivered() == 2);
    }
    void theCursorPassesWhatCouldNotBeOpened()
    {
        Desk desk;
        desk.receive(1);
        desk.receive(MarkStore::maxUnopened + 6, false);
        const auto ack = desk.states();
        QVERIFY(ack);
        QCOMPARE(ack->cursor(), 71U);
        QCOMPARE(ack->unopened_size(), static_cast<int>(MarkStore::maxUnopened));
        QVERIFY(std::all_of(ack->unopened().begin(), ack->unopened().end(),
                            [](std::uint64_t seq) { return seq >= 2 && seq <= 71; }));
    }
    void aRefusalIsNotForgotten()
    {
        Desk desk;
        desk.receive(1);
        QVERIFY(desk.states());
        QVERIFY(desk.server.refuse(wire::WireCode::Unavailable, "later"));
        desk.time.settle();
        QVERIFY(desk.pending());
        desk.receipts.schedule();
        QVERIFY(desk.states());
    }
    void theServersMarksOnlyRise()
    {
        Desk desk;
        desk.receive(3);
        const auto marks = [&](std::uint64_t revision, std::uint64_t read) {
            wire::Marks out;
            out.set_log_id(testLog.bytes());
            out.set_generation(1);
            out.set_marks_rev(revision);
            wire::MemberMark& member = *out.add_members();
            member.set_user(desk.anna.user().bytes());
            member.set_delivered(read);
            member.set_read(read);
            return out;
        };
        const auto read = [&] {
            const auto others = *desk.store->marks().others(testLog, desk.me.user());
            return others.empty() ? Seq{} : others.front().read;
        };
        QVERIFY(desk.receipts.received(marks(5, 3)).ok());
        QCOMPARE(read(), seqOf(3));
        QVERIFY(desk.receipts.received(marks(4, 1)).ok()); // came late
        QVERIFY(desk.receipts.received(marks(6, 2)).ok()); // a server that takes back
        QCOMPARE(read(), seqOf(3));
        wire::Marks nobody = marks(7, 9);
        nobody.mutable_members(0)->set_user("short");
        QVERIFY(!desk.receipts.received(nobody).ok());
        nobody.set_log_id("short");
        QVERIFY(!desk.receipts.received(nobody).ok());
        QCOMPARE(read(), seqOf(3));
    }
};

QTEST_GUILESS_MAIN(ClientReceiptsTest)
#include "ClientReceiptsTest.moc"
