#include "core/store/MarkStore.h"

#include "tests/support/base/SeededRandom.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class MarkStoreTest : public QObject
{
    Q_OBJECT

    static Conversation conversation(TestStore& store) { return **store->conversations().find(testLog); }
    static ConversationMarks marksOf(std::uint64_t revision, std::vector<MemberMark> members)
    {
        return {Generation{std::uint64_t{1}}, revision, std::move(members)};
    }

private Q_SLOTS:
    void marksOnlyRise()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3)})));
        KITH_VERIFY_OK(store->marks().apply(testLog, marksOf(2, {{ana, seqOf(3), seqOf(2)}}), self));
        KITH_VERIFY_OK(store->marks().apply(testLog, marksOf(1, {{ana, seqOf(9), seqOf(9)}}), self)); // older: ignored
        KITH_VERIFY_OK(store->marks().apply(testLog, marksOf(3, {{ana, seqOf(1), seqOf(3)}}), self));
        const auto others = store->marks().others(testLog, self).value();
        QCOMPARE(others, (std::vector<MemberMark>{{ana, seqOf(3), seqOf(3)}}));
        QCOMPARE(conversation(store).marksRevision, 3U);
    }
    void onesOwnMarkFromAnotherDeviceMovesTheReadPosition()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3)})));
        KITH_VERIFY_OK(store->marks().apply(testLog, marksOf(1, {{self, seqOf(3), seqOf(2)}}), self));
        QCOMPARE(conversation(store).readPosition, seqOf(2));
        QCOMPARE(conversation(store).unread, 1U);
        QVERIFY(store->marks().others(testLog, self)->empty());
    }
    void readingCountsDownAndNeverPassesTheCursor()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3)})));
        KITH_VERIFY_OK(store->conversations().setMarkedUnread(testLog, true));
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(2)));
        QCOMPARE(conversation(store).unread, 1U);
        QVERIFY(!conversation(store).markedUnread);
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(1)));
        QCOMPARE(conversation(store).readPosition, seqOf(2));
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(99)));
        QCOMPARE(conversation(store).readPosition, seqOf(3));
        QCOMPARE(conversation(store).unread, 0U);
    }
    /// The kept count and one from scratch agree whatever happens.
    void theCountIsAlwaysWhatTheRowsSay()
    {
        SeededRandom dice(3);
        TestStore store;
        prepare(*store);
        std::uint64_t seq = 0;
        for (int step = 0; step < 300; ++step) {
            switch (dice.below(4)) {
            case 0:
                KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(dice.below(seq + 2))));
                break;
            case 1: {
                InboxRow row = waitingRow(++seq);
                KITH_VERIFY_OK(store->inbox().commit(batchOf({row})));
                break;
            }
            case 2: {
                const auto waiting = store->inbox().waiting(1).value();
                if (waiting.empty())
                    break;
                InboxRow row = anasRow(waiting[0].message.position->seq.value());
                row.kind = dice.below(2) == 0 ? MessageKind::Text : MessageKind::Control;
                KITH_VERIFY_OK(store->inbox().resolve(waiting[0].message.id, row));
                break;
            }
            default: {
                InboxRow row = anasRow(++seq);
                if (dice.below(3) == 0)
                    row = ownRow(seq, messageIdOf(9'000'000 + seq));
                KITH_VERIFY_OK(store->inbox().commit(batchOf({row})));
            }
            }
            const Conversation now = conversation(store);
            std::uint32_t counted = 0;
            const auto rows = store->messages().range(testLog, now.readPosition.next(), now.cursor).value();
            for (const Message& message : rows)
                counted += !message.own && isCounted(message.kind) ? 1U : 0U;
            QCOMPARE(now.unread, counted);
        }
    }
    void acksAreStatedUntilAnswered()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2)})));
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(1)));
        const auto before = store->marks().unacknowledged(10).value();
        QCOMPARE(before.size(), 1U);
        QCOMPARE(before[0].cursor, seqOf(2));
        QCOMPARE(before[0].delivered, seqOf(2));
        QCOMPARE(before[0].read, seqOf(1));
        store.crash();
        QCOMPARE(store->marks().unacknowledged(10)->size(), 1U);
        // More happens while the answer is on its way: the answer settles what was said, not what came later.
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(3)})));
        KITH_VERIFY_OK(store->marks().acknowledged(testLog, before[0].revision));
        const auto after = store->marks().unacknowledged(10).value();
        QCOMPARE(after.size(), 1U);
        QCOMPARE(after[0].cursor, seqOf(3));
        KITH_VERIFY_OK(store->marks().acknowledged(testLog, after[0].revision));
        QVERIFY(store->marks().unacknowledged(10)->empty());
    }
    /// mechanisms, section 2: nothing leaves before a request is accepted.
    void requestsGiveNothingAway()
    {
        TestStore store;
        prepare(*store);
        const LogId request = idOf<LogId>(0x30);
        KITH_VERIFY_OK(store->conversations().ensure(request, ConversationType::Direct, idOf<UserId>(0xc0),
                                                     RequestState::Incoming));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)}, request)));
        KITH_VERIFY_OK(store->marks().setRead(request, seqOf(1)));
        auto acks = store->marks().unacknowledged(10).value();
        QCOMPARE(acks.size(), 1U);
        QCOMPARE(acks[0].cursor, seqOf(1));
        QCOMPARE(acks[0].delivered, seqOf(0));
        QCOMPARE(acks[0].read, seqOf(0));
        KITH_VERIFY_OK(store->marks().acknowledged(request, acks[0].revision));
        KITH_VERIFY_OK(store->conversations().setRequest(request, RequestState::Accepted));
        acks = store->marks().unacknowledged(10).value(); // now they leave
        QCOMPARE(acks.size(), 1U);
        QCOMPARE(acks[0].delivered, seqOf(1));
        QCOMPARE(acks[0].read, seqOf(1));
    }
    /// A refused message gives its number back: one that was stated would look like a cloned device's.
    void onlyAcceptedNumbersAreStated()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        const auto stated = [&] { return store->marks().unacknowledged(10).value().at(0).sendNo.value(); };
        const auto sealed = [&](std::uint64_t number) {
            NewMessage message;
            message.log = testLog;
            message.clientMsgId = messageIdOf(number);
            message.text = "text";
            const MessageId id = store->outbox().compose(message, self, selfDevice).value();
            return store->outbox().seal(id, "bytes", Bytes(32, 'c'), "").ok() ? id : MessageId{};
        };
        const MessageId first = sealed(901);
        const MessageId second = sealed(902);
        QCOMPARE(stated(), 0U);
        KITH_VERIFY_OK(store->outbox().handOver(first));
        KITH_VERIFY_OK(store->outbox().accept(first, {}));
        QCOMPARE(stated(), 1U);
        KITH_VERIFY_OK(store->outbox().handOver(second));
        KITH_VERIFY_OK(store->outbox().reject(second, Error::make(StoreError::Invalid, "no")));
        QCOMPARE(stated(), 1U);
    }
    void privateReadMarksStayHere()
    {
        TestStore store;
        prepare(*store);
        auto account = store->account().load().value().value();
        account.readReceipts = false;
        KITH_VERIFY_OK(store->account().save(account));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(1)));
        const auto acks = store->marks().unacknowledged(10).value();
        QCOMPARE(acks[0].delivered, seqOf(1));
        QCOMPARE(acks[0].read, seqOf(0));
    }
};

QTEST_APPLESS_MAIN(MarkStoreTest)
#include "MarkStoreTest.moc"
