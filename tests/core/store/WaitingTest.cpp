#include "core/store/InboxStore.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

/// P7: waiting always ends.
class WaitingTest : public QObject
{
    Q_OBJECT

    static MessageId idAt(TestStore& store, std::uint64_t seq)
    {
        return store->messages().find(testLog, at(seq)).value()->id;
    }

private Q_SLOTS:
    void aWaitingRowKeepsItsPlaceAndWhatItWasMadeOf()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), waitingRow(2), anasRow(3)})));
        store.crash();
        const auto shown = store->messages().newest(testLog, 10).value();
        QCOMPARE(shown.size(), 3U);
        QCOMPARE(shown[1].kind, MessageKind::Waiting);
        const auto waiting = store->inbox().waiting(10).value();
        QCOMPARE(waiting.size(), 1U);
        QCOMPARE(waiting[0].row.body, Bytes("body"));
        QCOMPARE(waiting[0].row.envelope, Bytes("envelope"));
        QCOMPARE(waiting[0].row.need, WaitingFor::Resend);
        QCOMPARE(waiting[0].left, InboxStore::patience);
        QCOMPARE(store->inbox().waitingFrom(ana, anaDevice)->size(), 1U);
        QVERIFY(store->inbox().waitingFrom(self, selfDevice)->empty());
    }
    void openedAfterAllItTakesThePlace()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({waitingRow(1), waitingRow(2)})));
        KITH_VERIFY_OK(store->inbox().resolve(idAt(store, 1), anasRow(1, "at last")));
        const Message opened = store->messages().find(testLog, at(1)).value().value();
        QCOMPARE(opened.kind, MessageKind::Text);
        QCOMPARE(opened.text, std::string("at last"));
        QCOMPARE(store->inbox().waiting(10)->size(), 1U);
        QCOMPARE(store->conversations().find(testLog).value()->unread, 2U);
        // It turns out to be nothing to show: it stops counting.
        InboxRow control = anasRow(2, "");
        control.kind = MessageKind::Control;
        KITH_VERIFY_OK(store->inbox().resolve(idAt(store, 2), control));
        QCOMPARE(store->conversations().find(testLog).value()->unread, 1U);
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 1U);
        KITH_VERIFY_FAILS(store->inbox().resolve(idAt(store, 1), anasRow(1)), StoreError::NotFound);
    }
    void onlyTimeOnlineRunsOut()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->account().addOnlineTime(Millis{5000}));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({waitingRow(1)})));
        KITH_VERIFY_OK(store->account().addOnlineTime(InboxStore::patience - Millis{1}));
        QCOMPARE(store->inbox().loseExpired().value(), 0U);
        QCOMPARE(store->inbox().waiting(10)->at(0).left, Millis{1});
        KITH_VERIFY_OK(store->account().addOnlineTime(Millis{1}));
        QCOMPARE(store->inbox().loseExpired().value(), 1U);
        const Message lost = store->messages().find(testLog, at(1)).value().value();
        QCOMPARE(lost.kind, MessageKind::Lost);
        QCOMPARE(lost.raw, Bytes("not_repaired_in_time"));
        QVERIFY(store->inbox().waiting(10)->empty());
        KITH_VERIFY_FAILS(store->account().addOnlineTime(Millis{-1}), StoreError::Invalid);
    }
    void lostForAReasonIsVisible()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({waitingRow(1)})));
        const MessageId id = idAt(store, 1);
        KITH_VERIFY_OK(store->inbox().noteAsked(id));
        KITH_VERIFY_OK(store->inbox().noteAsked(id));
        QCOMPARE(store->inbox().waiting(10)->at(0).asked, 2U);
        KITH_VERIFY_OK(store->inbox().lose(id, "replayed"));
        QCOMPARE(store->messages().newest(testLog, 10)->at(0).raw, Bytes("replayed"));
        QCOMPARE(store->conversations().find(testLog).value()->unread, 1U);
    }
    void whatCouldNotBeOpenedIsToldToTheServer()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), waitingRow(2), waitingRow(3)})));
        auto acks = store->marks().unacknowledged(10).value();
        QCOMPARE(acks.size(), 1U);
        QCOMPARE(acks[0].unopened, (std::vector<Seq>{seqOf(2), seqOf(3)}));
        KITH_VERIFY_OK(store->marks().acknowledged(testLog, acks[0].revision));
        QVERIFY(store->marks().unacknowledged(10)->empty());
        KITH_VERIFY_OK(store->inbox().resolve(idAt(store, 2), anasRow(2)));
        acks = store->marks().unacknowledged(10).value();
        QCOMPARE(acks.size(), 1U);
        QCOMPARE(acks[0].unopened, (std::vector<Seq>{seqOf(3)}));
    }
};

QTEST_APPLESS_MAIN(WaitingTest)
#include "WaitingTest.moc"
