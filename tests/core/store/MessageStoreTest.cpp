#include "core/store/MessageStore.h"

#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class MessageStoreTest : public QObject
{
    Q_OBJECT

    static std::vector<std::uint64_t> seqs(const std::vector<Message>& messages)
    {
        std::vector<std::uint64_t> found;
        for (const Message& message : messages)
            found.push_back(message.position ? message.position->seq.value() : 0);
        return found;
    }
    using List = std::vector<std::uint64_t>;

private Q_SLOTS:
    void windowsFollowTheNumbersThenTheOutbox()
    {
        TestStore store;
        prepare(*store);
        std::vector<InboxRow> rows;
        for (std::uint64_t seq = 1; seq <= 10; ++seq)
            rows.push_back(anasRow(seq));
        rows[4].kind = MessageKind::Control; // 5: nothing to show
        rows[4].text.clear();
        // Server times that run backwards sort nothing (P3).
        rows[9].serverTime = wallFromMillis(1);
        KITH_VERIFY_OK(store->inbox().commit(batchOf(rows)));
        KITH_VERIFY_OK(store->outbox().compose(textTo(testLog, 1), self, selfDevice));
        KITH_VERIFY_OK(store->outbox().compose(textTo(testLog, 2), self, selfDevice));
        MessageStore& messages = store->messages();
        QCOMPARE(seqs(messages.newest(testLog, 4).value()), (List{9, 10, 0, 0}));
        const MessageId six = messages.find(testLog, at(6)).value()->id;
        QCOMPARE(seqs(messages.around(six, 2, 3).value()), (List{3, 4, 6, 7, 8, 9}));
        QCOMPARE(seqs(messages.before(six, 100).value()), (List{1, 2, 3, 4}));
        QCOMPARE(seqs(messages.after(six, 100).value()), (List{7, 8, 9, 10, 0, 0}));
        QCOMPARE(seqs(messages.range(testLog, seqOf(4), seqOf(6)).value()), (List{4, 5, 6})); // hidden ones too
        QVERIFY(messages.newest(testLog, 0)->empty());
        KITH_VERIFY_FAILS(messages.before(MessageId{std::uint64_t{999}}, 1), StoreError::NotFound);
        KITH_VERIFY_FAILS(messages.newest(idOf<LogId>(0x66), 1), StoreError::NotFound);
    }
    void theFirstUnreadIsTheOldestThatCounts()
    {
        TestStore store;
        prepare(*store);
        MessageStore& messages = store->messages();
        QVERIFY(!messages.firstUnread(testLog).value());
        InboxRow hidden = anasRow(2, "");
        hidden.kind = MessageKind::Control;
        KITH_VERIFY_OK(
            store->inbox().commit(batchOf({anasRow(1), hidden, ownRow(3, messageIdOf(9)), anasRow(4), anasRow(5)})));
        QCOMPARE(messages.firstUnread(testLog).value()->position, at(1));
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(1)));
        QCOMPARE(messages.firstUnread(testLog).value()->position, at(4)); // neither hidden nor one's own
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(5)));
        QVERIFY(!messages.firstUnread(testLog).value());
        KITH_VERIFY_FAILS(messages.firstUnread(idOf<LogId>(0x66)), StoreError::NotFound);
    }
    /// More than any one reading holds: page after page, each row once and in order.
    void everyUnreadRowIsReachedPageByPage()
    {
        TestStore store;
        prepare(*store);
        constexpr std::uint64_t count = 10'240;
        for (std::uint64_t seq = 1; seq <= count;) {
            std::vector<InboxRow> rows;
            for (std::size_t n = 0; n < InboxBatch::maxRows; ++n)
                rows.push_back(anasRow(seq++));
            KITH_VERIFY_OK(store->inbox().commit(batchOf(rows)));
        }
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(3)));
        std::uint64_t last = 3;
        for (auto page = store->messages().unread(testLog, seqOf(last), 1'000'000).value(); !page.empty();
             page = store->messages().unread(testLog, seqOf(last), 1'000'000).value()) {
            QVERIFY(page.size() <= MessageStore::maxWindow);
            for (const Message& row : page)
                QCOMPARE(row.position->seq, seqOf(++last));
        }
        QCOMPARE(last, count);
    }
    /// After a cut the new generation's numbers follow; what the server lost is no news.
    void unreadRowsCrossGenerations()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2), anasRow(3)})));
        KITH_VERIFY_OK(store->inbox().cut(testLog, at(2), Generation{std::uint64_t{9}}));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(3, "new", 9), anasRow(4, "newer", 9)})));
        const auto rows = store->messages().unread(testLog, seqOf(0), 10).value();
        QCOMPARE(rows.size(), 4U);
        QCOMPARE(rows[2].position, std::optional(at(3, 9)));
        QCOMPARE(rows[3].position, std::optional(at(4, 9)));
    }
    void rowsComeBackWhole()
    {
        TestStore store;
        prepare(*store);
        InboxRow row = anasRow(1, "tëxt");
        row.senderClock = wallFromMillis(123);
        row.replyTo = MessageReference{self, messageIdOf(7), Bytes(32, 'r')};
        row.chainCheck = ChainCheck::Different;
        InboxRow unknown = anasRow(2, "");
        unknown.kind = MessageKind::Unknown;
        unknown.raw = Bytes("\x0a\x00\xff", 3);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({row, unknown})));
        store.crash();
        const Message message = store->messages().find(testLog, at(1)).value().value();
        QCOMPARE(message.text, row.text);
        QCOMPARE(message.senderClock, row.senderClock);
        QCOMPARE(message.serverTime, row.serverTime);
        QCOMPARE(message.replyTo, row.replyTo);
        QCOMPARE(message.chainCheck, ChainCheck::Different);
        QCOMPARE(message.author, ana);
        QCOMPARE(message.device, anaDevice);
        QCOMPARE(message.commitment, row.commitment);
        QCOMPARE(message.clientMsgId, row.clientMsgId);
        QVERIFY(!message.own);
        QVERIFY(!message.outbox);
        QCOMPARE(store->messages().find(testLog, at(2)).value()->raw, unknown.raw);
        QCOMPARE(store->messages().find(testLog, at(2)).value()->kind, MessageKind::Unknown);
    }
    void referencesNeedAuthorIdAndCommitment()
    {
        TestStore store;
        prepare(*store);
        const InboxRow row = anasRow(1);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({row})));
        MessageStore& messages = store->messages();
        QVERIFY(messages.find(testLog, {ana, row.clientMsgId, row.commitment}).value());
        QVERIFY(messages.find(testLog, {ana, row.clientMsgId, {}}).value());
        QVERIFY(!messages.find(testLog, {ana, row.clientMsgId, Bytes(32, 'x')}).value());
        QVERIFY(!messages.find(testLog, {self, row.clientMsgId, row.commitment}).value());
        QVERIFY(!messages.find(testLog, {ana, messageIdOf(99), row.commitment}).value());
    }
};

QTEST_APPLESS_MAIN(MessageStoreTest)
#include "MessageStoreTest.moc"
