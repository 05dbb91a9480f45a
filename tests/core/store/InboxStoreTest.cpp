#include "core/store/InboxStore.h"

#include "tests/support/base/ManualExecutor.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class InboxStoreTest : public QObject
{
    Q_OBJECT

    static Conversation conversation(TestStore& store) { return **store->conversations().find(testLog); }

private Q_SLOTS:
    void rowsCursorAndChainMoveTogether()
    {
        TestStore store;
        prepare(*store);
        const auto outcome = store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3)}));
        KITH_VERIFY_OK(outcome);
        QCOMPARE(outcome->added.size(), 3U);
        const Conversation after = conversation(store);
        QCOMPARE(after.cursor, seqOf(3));
        QCOMPARE(after.chain, chainOf(3));
        QCOMPARE(after.unread, 3U);
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 3U);
        QCOMPARE(**store->conversations().chainAt(testLog, at(2)), chainOf(2));
        QVERIFY(!store->conversations().chainAt(testLog, at(4))->has_value());
    }
    /// P1: the cursor never stands where the rows do not.
    void crashLosesRowsAndCursorAlike()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        {
            auto transaction = store->begin();
            KITH_VERIFY_OK(transaction);
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(2)})));
            store.disk().crash(); // before the outer commit
        }
        store.crash();
        QCOMPARE(conversation(store).cursor, seqOf(1));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 1U);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(2)})));
        store.crash();
        QCOMPARE(conversation(store).cursor, seqOf(2));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 2U);
    }
    /// Whatever subset of unsynced writes survived: what was committed is whole, what was not is not there.
    void anyPowerCutLeavesAConsistentStore()
    {
        SeededRandom dice(7);
        TestStore store;
        prepare(*store);
        for (std::uint64_t seq = 1; seq <= 40; ++seq) {
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(seq)})));
            if (seq % 4 == 0) {
                auto transaction = store->begin();
                KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(seq + 1)})));
                store.disk().crash(dice);
            }
            if (seq % 4 == 0)
                store.crash(dice);
            QCOMPARE(conversation(store).cursor, seqOf(seq));
            QCOMPARE(store->messages().newest(testLog, 100)->size(), seq);
        }
    }
    /// P2: (log, generation, seq) and (author, client_msg_id).
    void redeliveryChangesNothing()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2)})));
        const auto again = store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3)}));
        KITH_VERIFY_OK(again);
        QCOMPARE(again->alreadyStored, 2U);
        QCOMPARE(again->added.size(), 1U);
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 3U);
        QCOMPARE(conversation(store).unread, 3U);
    }
    void sameMessageAtAnotherNumberStaysHidden()
    {
        TestStore store;
        prepare(*store);
        InboxRow repeated = anasRow(2);
        repeated.clientMsgId = anasRow(1).clientMsgId;
        const auto outcome = store->inbox().commit(batchOf({anasRow(1), repeated, anasRow(3)}));
        KITH_VERIFY_OK(outcome);
        QCOMPARE(outcome->duplicates, 1U);
        const auto shown = store->messages().newest(testLog, 10);
        QCOMPARE(shown->size(), 2U);
        QCOMPARE(conversation(store).unread, 2U);
        QCOMPARE(conversation(store).cursor, seqOf(3)); // numbers go on without a hole
        QCOMPARE(**store->conversations().chainAt(testLog, at(2)), chainOf(2));
    }
    void sameIdOfAnotherAuthorIsAnotherMessage()
    {
        TestStore store;
        prepare(*store);
        InboxRow other = anasRow(2);
        other.clientMsgId = anasRow(1).clientMsgId;
        other.device = idOf<DeviceId>(0xb2);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), other})));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 2U);
    }
    /// P4
    void holesAreRefusedWhole()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({anasRow(2), anasRow(4)})), StoreError::Gap);
        QCOMPARE(conversation(store).cursor, seqOf(1));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 1U);
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({anasRow(2, "x", 2)})), StoreError::Gap);
    }
    void malformedRowsAreRefusedBeforeAnythingIsWritten()
    {
        TestStore store;
        prepare(*store);
        InboxRow row = anasRow(1);
        row.chain = "short";
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({row})), StoreError::Invalid);
        row = anasRow(1, "\xff");
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({row})), StoreError::Invalid);
        row = anasRow(1);
        row.kind = MessageKind::Waiting;
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({row})), StoreError::Invalid);
        row = anasRow(0);
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({row})), StoreError::Invalid);
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf(std::vector<InboxRow>(InboxBatch::maxRows + 1, anasRow(1)))),
                          StoreError::Invalid);
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({anasRow(1)}, idOf<LogId>(0x77))), StoreError::NotFound);
    }
    void aReaderStartsAtItsFromSeq()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(
            store->conversations().noteHead({testLog, Generation{std::uint64_t{1}}, seqOf(9), seqOf(1), seqOf(5)}));
        QCOMPARE(conversation(store).cursor, seqOf(4));
        KITH_VERIFY_FAILS(store->inbox().commit(batchOf({anasRow(6)})), StoreError::Gap);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(5), anasRow(6)})));
        QCOMPARE(conversation(store).unread, 2U);
        QCOMPARE(store->conversations().behind(10)->size(), 1U);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(7), anasRow(8), anasRow(9)})));
        QVERIFY(store->conversations().behind(10)->empty());
    }
    void trimmedRowsAreOneVisibleLoss()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        KITH_VERIFY_OK(store->inbox().skipTrimmed(testLog, Generation{std::uint64_t{1}}, seqOf(10), chainOf(9)));
        QCOMPARE(conversation(store).cursor, seqOf(9));
        QCOMPARE(conversation(store).chain, chainOf(9));
        const auto shown = store->messages().newest(testLog, 10);
        QCOMPARE(shown->size(), 2U);
        QCOMPARE(shown->back().kind, MessageKind::Lost);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(10)})));
        // Told twice, or about what is already here: nothing happens.
        KITH_VERIFY_OK(store->inbox().skipTrimmed(testLog, Generation{std::uint64_t{1}}, seqOf(10), chainOf(9)));
        QCOMPARE(conversation(store).cursor, seqOf(10));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 3U);
    }
    void aNewDeviceDoesNotMissWhatIsOlder()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().skipTrimmed(testLog, Generation{std::uint64_t{1}}, seqOf(10), chainOf(9)));
        QVERIFY(store->messages().newest(testLog, 10)->empty());
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(10)})));
    }
    void ownEntryOfTheLogConfirmsTheComposedRow()
    {
        TestStore store;
        prepare(*store);
        const auto id = store->outbox().compose(textTo(testLog, 1), self, selfDevice);
        KITH_VERIFY_OK(id);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        // The answer was lost; the log shows the entry.
        const auto outcome = store->inbox().commit(batchOf({ownRow(2, messageIdOf(1))}));
        KITH_VERIFY_OK(outcome);
        QCOMPARE(outcome->confirmedOwn, 1U);
        const auto shown = store->messages().newest(testLog, 10);
        QCOMPARE(shown->size(), 2U);
        QCOMPARE(shown->back().id, *id);
        QCOMPARE(shown->back().position, std::optional(at(2)));
        QCOMPARE(shown->back().outbox, std::optional(OutboxState::Accepted));
        QCOMPARE(store->outbox().pending().value(), 0U);
        QCOMPARE(conversation(store).unread, 1U); // one's own never counts
    }
    void theLogWinsOverAnAnswerThatContradictsIt()
    {
        TestStore store;
        prepare(*store);
        const auto id = store->outbox().compose(textTo(testLog, 1), self, selfDevice);
        KITH_VERIFY_OK(store->outbox().seal(*id, "bytes", Bytes(32, 'c'), "s"));
        KITH_VERIFY_OK(store->outbox().accept(*id, {at(1), {}, chainOf(1)}));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), ownRow(2, messageIdOf(1))})));
        const auto shown = store->messages().newest(testLog, 10);
        QCOMPARE(shown->size(), 2U);
        QCOMPARE(shown->front().author, ana);
        QCOMPARE(shown->back().position, std::optional(at(2)));
    }
    void nothingIsToldBeforeTheCommit()
    {
        TestStore store;
        prepare(*store);
        ManualExecutor executor;
        std::vector<std::shared_ptr<const StoreChanges>> told;
        const auto subscription =
            store->changes().subscribe(executor, [&](auto changes) { told.push_back(std::move(changes)); });
        {
            auto transaction = store->begin();
            KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
            QVERIFY(!executor.runOne());
        } // rolled back
        QVERIFY(!executor.runOne());
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(2)})));
        QVERIFY(executor.runOne());
        QVERIFY(!executor.runOne()); // joined
        QCOMPARE(told.size(), 1U);
        QCOMPARE(told[0]->messagesChanged.at(testLog).added.size(), 2U);
        QVERIFY(told[0]->conversationsChanged.contains(testLog));
    }
};

QTEST_APPLESS_MAIN(InboxStoreTest)
#include "InboxStoreTest.moc"
