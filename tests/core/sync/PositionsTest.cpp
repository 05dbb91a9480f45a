#include "core/sync/CatchUp.h"
#include "core/sync/Outbox.h"
#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

/// A device whose heads the test answers, and an outbox that waits for them.
class Desk : public SyncBench
{
public:
    Desk()
    {
        connection->onChanged([this](const net::ConnectionFact&) {
            if (!context->connected())
                catchUp.disconnected();
        });
    }

    std::optional<wire::HeadsRequest> asksHeads() { return server.hear<wire::HeadsRequest>(wire::HEADS); }
    void answer(const wire::HeadsResponse& response = {})
    {
        QVERIFY(server.answer(response));
        time.settle();
    }
    static const wire::Position* positionOf(const std::optional<wire::HeadsRequest>& asked, const LogId& log)
    {
        if (asked) {
            for (const wire::Position& position : asked->positions()) {
                if (position.log_id() == log.view())
                    return &position;
            }
        }
        return nullptr;
    }
    MessageId queue(const std::string& words)
    {
        const auto row = outbox.compose(text(words));
        time.settle();
        return row ? row->id : MessageId{};
    }
    OutboxState stateOf(MessageId id) { return (*store->outbox().find(id))->state; }
    /// As if everything had been caught up with: what follows may only wait for the positions.
    void goOnlineUnconfirmed()
    {
        connect();
        catchUp.ready();
        connection->caughtUp();
        outbox.pump();
        time.settle();
    }

    int confirmed = 0;
    int oldCopies = 0;
    SystemEntries system{*context, {[](LogId) {}, [] {}}};
    Receipts receipts{*context};
    Inbox inbox{*context, *directory, system, {[](LogId) {}, [](LogId) {}, [](LogId) {}, [](const Error&) {}}};
    Outbox outbox{*context, *directory, {[](LogId) {}}};
    CatchUp catchUp{*context,
                    inbox,
                    receipts,
                    {[this] {
                         ++confirmed;
                         outbox.pump();
                     },
                     [this] { ++oldCopies; }, [] {}, [](LogId) {}, [](const Error&) {}}};
};

} // namespace

class PositionsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyLogIsStatedFirst()
    {
        Desk desk;
        KITH_VERIFY_OK(desk.store->inbox().commit(batchOf({anasRow(1), anasRow(2)})));
        desk.goOnline();
        desk.queue("sealed before");
        QVERIFY(desk.server.hear<wire::SendMessageRequest>(wire::SEND_MESSAGE));
        desk.catchUp.ready();
        const auto asked = desk.asksHeads();
        const wire::Position* position = Desk::positionOf(asked, testLog);
        QVERIFY(position != nullptr);
        QCOMPARE(position->generation(), 1U);
        QCOMPARE(position->cursor(), 2U);
        QCOMPARE(position->send_no(), 1U);
    }
    /// Two keys out of one ratchet state would be two messages under one key: nothing is worth that.
    void nothingIsSealedBeforeTheServerConfirms()
    {
        Desk desk;
        const MessageId id = desk.queue("wait");
        desk.goOnlineUnconfirmed();
        QVERIFY(desk.asksHeads());
        QVERIFY(desk.context->online());
        QCOMPARE(desk.stateOf(id), OutboxState::Queued);
        QVERIFY(desk.transport.silence());
        desk.answer();
        QCOMPARE(desk.confirmed, 1);
        QCOMPARE(desk.stateOf(id), OutboxState::Sent);
        QVERIFY(desk.server.hear<wire::SendMessageRequest>(wire::SEND_MESSAGE));
    }
    void anOldCopyNeverSeals()
    {
        Desk desk;
        const MessageId id = desk.queue("never");
        desk.goOnlineUnconfirmed();
        QVERIFY(desk.asksHeads());
        QVERIFY(desk.server.refuse(wire::WireCode::Denied, "behind"));
        desk.time.settle();
        QCOMPARE(desk.oldCopies, 1);
        desk.outbox.pump();
        desk.time.pass(Millis{60'000});
        QCOMPARE(desk.confirmed, 0);
        QCOMPARE(desk.stateOf(id), OutboxState::Queued);
    }
    void manyLogsAreStatedInParts()
    {
        Desk desk;
        const std::size_t more = Positions::atOnce + 20;
        for (std::size_t i = 0; i < more; ++i)
            KITH_VERIFY_OK(desk.store->conversations().ensure(desk.random.id<LogId>(), ConversationType::Direct,
                                                              desk.random.id<UserId>(), RequestState::Declined));
        const MessageId id = desk.queue("after all of them");
        desk.goOnlineUnconfirmed();
        std::set<Bytes> stated;
        for (int part = 0; part < 2; ++part) {
            QCOMPARE(desk.confirmed, 0);
            QCOMPARE(desk.stateOf(id), OutboxState::Queued);
            const auto asked = desk.asksHeads();
            QVERIFY(asked && asked->positions_size() <= static_cast<int>(Positions::atOnce));
            for (const wire::Position& position : asked->positions())
                stated.insert(position.log_id());
            desk.answer();
        }
        QCOMPARE(stated.size(), more + 1);
        QCOMPARE(desk.confirmed, 1);
        QCOMPARE(desk.stateOf(id), OutboxState::Sent);
    }
    /// A profile with hundreds of chats says little when its connection comes back.
    void laterConnectionsStateWhatMoved()
    {
        Desk desk;
        const auto quiet = idOf<LogId>(0x40);
        KITH_VERIFY_OK(desk.store->conversations().ensure(quiet, ConversationType::Direct, desk.random.id<UserId>(),
                                                          RequestState::Declined));
        KITH_VERIFY_OK(desk.store->inbox().commit(batchOf({anasRow(1)})));
        desk.goOnlineUnconfirmed();
        const auto first = desk.asksHeads();
        QCOMPARE(first ? first->positions_size() : 0, 2);
        desk.answer();
        desk.breakOff();
        KITH_VERIFY_OK(desk.store->inbox().commit(batchOf({anasRow(2)})));
        desk.connect();
        desk.catchUp.ready();
        const auto second = desk.asksHeads();
        QCOMPARE(second ? second->positions_size() : 0, 1);
        QVERIFY(Desk::positionOf(second, testLog) != nullptr);
        // What the server says moved is stated as well: a whole machine may have been put back, memory and all.
        wire::HeadsResponse moved;
        moved.set_activity_token(40);
        wire::LogHead& head = *moved.add_logs();
        head.set_log_id(quiet.bytes());
        head.set_generation(1);
        desk.answer(moved);
        QCOMPARE(desk.confirmed, 1);
        const auto third = desk.asksHeads();
        QVERIFY(Desk::positionOf(third, quiet) != nullptr);
        desk.answer();
        QCOMPARE(desk.confirmed, 2);
    }
    void aMessageOnItsWayIsStatedAgain()
    {
        Desk desk;
        KITH_VERIFY_OK(desk.store->inbox().commit(batchOf({anasRow(1)})));
        desk.goOnlineUnconfirmed();
        QVERIFY(desk.asksHeads());
        desk.answer();
        desk.breakOff();
        desk.queue("queued meanwhile"); // moves no number
        desk.connect();
        desk.catchUp.ready();
        QVERIFY(Desk::positionOf(desk.asksHeads(), testLog) != nullptr);
    }
    void aServerThatWasPutBackIsShown()
    {
        Desk desk;
        desk.connect();
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        QVERIFY(desk.server.refuse(wire::WireCode::Unavailable, "run 'kithd restored'", Millis{30'000}));
        desk.time.settle();
        QCOMPARE(desk.connection->fact().state, net::ConnectionState::Unreachable);
        QVERIFY(desk.connection->fact().words.find("kithd restored") != std::string::npos);
        QCOMPARE(desk.oldCopies, 0);
        desk.time.pass(Millis{29'000});
        QVERIFY(!desk.transport.opening());
    }
};

QTEST_GUILESS_MAIN(PositionsTest)
#include "PositionsTest.moc"
