#include "core/store/OutboxStore.h"

#include "core/domain/Text.h"
#include "tests/support/store/Rows.h"
#include "tests/support/store/TestStore.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

namespace
{

const Bytes commitment(32, 'c');
const Error no = Error::make(StoreError::Refused, "the server says no");

MessageId composed(TestStore& store, std::uint64_t number, const LogId& log = testLog)
{
    return store->outbox().compose(textTo(log, number), self, selfDevice).value();
}

MessageId sealedItem(TestStore& store, std::uint64_t number, const LogId& log = testLog)
{
    const MessageId id = composed(store, number, log);
    if (!store->outbox().seal(id, "bytes " + std::to_string(number), commitment, "secret").ok())
        qFatal("sealing failed");
    return id;
}

std::vector<std::uint64_t> numbers(TestStore& store)
{
    std::vector<std::uint64_t> found;
    const auto items = store->outbox().unanswered(testLog, 100).value();
    for (const OutboxItem& item : items)
        found.push_back(item.sendNo.value());
    return found;
}

OutboxState stateOf(TestStore& store, MessageId id)
{
    return store->messages().find(id).value()->outbox.value();
}

SendNo number(std::uint64_t value)
{
    return SendNo{value};
}

} // namespace

class OutboxStoreTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aComposedMessageIsARowAtOnce()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = composed(store, 1);
        store.crash();
        const auto shown = store->messages().newest(testLog, 10).value();
        QCOMPARE(shown.size(), 1U);
        QCOMPARE(shown[0].id, id);
        QCOMPARE(shown[0].text, std::string("mine"));
        QVERIFY(shown[0].own);
        QVERIFY(!shown[0].position);
        QCOMPARE(shown[0].outbox, std::optional(OutboxState::Queued));
        QCOMPARE(store->outbox().pending().value(), 1U);
    }
    /// P2
    void aRepeatedClientMsgIdIsTheFirstRow()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = composed(store, 1);
        QCOMPARE(composed(store, 1), id);
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 1U);
        QCOMPARE(store->outbox().pending().value(), 1U);
    }
    void textIsCheckedWhereItEnters()
    {
        TestStore store;
        prepare(*store);
        for (const std::string& text : {std::string(), std::string("\xff"), std::string(maxMessageText + 1, 'x')})
            KITH_VERIFY_FAILS(store->outbox().compose(textTo(testLog, 1, text), self, selfDevice), StoreError::Invalid);
        NewMessage message = textTo(testLog, 1);
        message.clientMsgId = {};
        KITH_VERIFY_FAILS(store->outbox().compose(message, self, selfDevice), StoreError::Invalid);
        QCOMPARE(store->outbox().pending().value(), 0U);
    }
    /// P2: number, ciphertext and whatever else the transaction saves are one.
    void aCrashWhileSealingLeavesNumberAndSessionsAlone()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = composed(store, 1);
        const DeviceAddress device{ana, anaDevice};
        KITH_VERIFY_OK(store->sessions().saveSessions(device, "state 0"));
        {
            auto transaction = store->begin();
            QCOMPARE(store->outbox().seal(id, "bytes", commitment, "secret").value(), number(1));
            KITH_VERIFY_OK(store->sessions().saveSessions(device, "state 1"));
            store.disk().crash();
        }
        store.crash();
        QCOMPARE(stateOf(store, id), OutboxState::Queued);
        QCOMPARE(store->sessions().loadSessions(device).value()->exposeSecret(), ByteView("state 0"));
        QCOMPARE(store->conversations().find(testLog).value()->lastSendNo, number(0));
        QCOMPARE(store->outbox().seal(id, "bytes", commitment, "secret").value(), number(1));
        store.crash();
        const auto item = store->outbox().find(id).value();
        QCOMPARE(item->sealed, Bytes("bytes"));
        QCOMPARE(item->contentSecret.exposeSecret(), ByteView("secret"));
        QCOMPARE(item->sendNo, number(1));
        QCOMPARE(store->messages().find(id).value()->commitment, commitment);
    }
    void nothingIsSealedTwice()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = sealedItem(store, 1);
        KITH_VERIFY_FAILS(store->outbox().seal(id, "other", commitment, ""), StoreError::Refused);
        QCOMPARE(store->outbox().find(id).value()->sealed, Bytes("bytes 1"));
        QCOMPARE(numbers(store), (std::vector<std::uint64_t>{1}));
    }
    void numbersRisePerLogInOrderOfComposing()
    {
        TestStore store;
        prepare(*store);
        const LogId other = idOf<LogId>(0x20);
        KITH_VERIFY_OK(
            store->conversations().ensure(other, ConversationType::Direct, idOf<UserId>(0xc0), RequestState::Outgoing));
        const MessageId first = composed(store, 1);
        const MessageId second = composed(store, 2);
        KITH_VERIFY_FAILS(store->outbox().seal(second, "b", commitment, ""), StoreError::Refused);
        QCOMPARE(store->outbox().seal(first, "b", commitment, "").value(), number(1));
        QCOMPARE(store->outbox().seal(second, "b", commitment, "").value(), number(2));
        QCOMPARE(store->outbox().find(sealedItem(store, 3, other)).value()->sendNo, number(1));
        QCOMPARE(store->outbox().unanswered(testLog, 100)->size(), 2U);
        QCOMPARE(store->outbox().logsToSend()->size(), 2U);
    }
    void aLostConnectionSendsTheSameBytesAgain()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = sealedItem(store, 1);
        KITH_VERIFY_OK(store->outbox().handOver(id));
        QCOMPARE(stateOf(store, id), OutboxState::Sent);
        KITH_VERIFY_FAILS(store->outbox().handOver(id), StoreError::Refused);
        KITH_VERIFY_OK(store->outbox().disconnected());
        const auto item = store->outbox().find(id).value();
        QCOMPARE(item->state, OutboxState::Sealed);
        QCOMPARE(item->sealed, Bytes("bytes 1"));
        QCOMPARE(item->sendNo, number(1));
        QCOMPARE(item->attempts, 1U);
    }
    void newEnvelopesKeepTheNumber()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = sealedItem(store, 1);
        KITH_VERIFY_OK(store->outbox().handOver(id));
        KITH_VERIFY_OK(store->outbox().reseal(id, "more envelopes"));
        const auto item = store->outbox().find(id).value();
        QCOMPARE(item->state, OutboxState::Sealed);
        QCOMPARE(item->sealed, Bytes("more envelopes"));
        QCOMPARE(item->sendNo, number(1));
    }
    void acceptedTakesItsPlace()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        const MessageId first = sealedItem(store, 1);
        const MessageId second = sealedItem(store, 2);
        const WallTime time = wallFromMillis(1'767'225'700'000);
        KITH_VERIFY_OK(store->outbox().accept(first, {at(4), time, chainOf(4)}));
        const auto shown = store->messages().newest(testLog, 10).value();
        QCOMPARE(shown.size(), 3U);
        QCOMPARE(shown[1].id, first); // before what is not numbered yet
        QCOMPARE(shown[1].position, std::optional(at(4)));
        QCOMPARE(shown[1].serverTime, std::optional(time));
        QCOMPARE(shown[2].id, second);
        QVERIFY(!store->outbox().find(first).value());
        // The cursor moves only over what is stored: 2 and 3 are missing (P4).
        QCOMPARE(store->conversations().find(testLog).value()->cursor, seqOf(1));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(2), anasRow(3), ownRow(4, messageIdOf(1))})));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 5U);
        QCOMPARE(store->messages().newest(testLog, 10)->at(3).id, first);
        KITH_VERIFY_OK(store->outbox().accept(first, {at(4), time, chainOf(4)})); // told twice
    }
    void acceptedEarlierWaitsForTheLog()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = sealedItem(store, 1);
        KITH_VERIFY_OK(store->outbox().accept(id, {}));
        QCOMPARE(stateOf(store, id), OutboxState::Accepted);
        QVERIFY(!store->messages().find(id).value()->position);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({ownRow(1, messageIdOf(1))})));
        QCOMPARE(store->messages().find(id).value()->position, std::optional(at(1)));
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 1U);
    }
    void aRefusedMessageGivesItsNumberToTheNext()
    {
        TestStore store;
        prepare(*store);
        std::vector<MessageId> ids;
        for (std::uint64_t n = 1; n <= 4; ++n)
            ids.push_back(sealedItem(store, n));
        for (const MessageId id : ids)
            KITH_VERIFY_OK(store->outbox().handOver(id));
        KITH_VERIFY_OK(store->outbox().reject(ids[1], no));
        QCOMPARE(numbers(store), (std::vector<std::uint64_t>{1, 2, 3}));
        QCOMPARE(store->outbox().find(ids[2]).value()->sendNo, number(2));
        QCOMPARE(store->outbox().find(ids[2]).value()->state, OutboxState::Sealed); // to be sent again
        QCOMPARE(store->outbox().find(ids[2]).value()->sealed, Bytes("bytes 3"));   // the same ciphertext
        QCOMPARE(store->outbox().find(ids[0]).value()->state, OutboxState::Sent);
        QCOMPARE(store->conversations().find(testLog).value()->lastSendNo, number(3));
        QCOMPARE(store->outbox().failed({}).value(), std::vector{ids[1]});
        QCOMPARE(store->outbox().failed(testLog).value(), std::vector{ids[1]});
        QVERIFY(store->outbox().failed(idOf<LogId>(0x20))->empty());
        QVERIFY(store->outbox().find(ids[1]).value()->sealed.empty());
        // Tried again it is sealed anew, with the next number.
        KITH_VERIFY_OK(store->outbox().retry(ids[1]));
        QCOMPARE(store->outbox().seal(ids[1], "anew", commitment, "").value(), number(4));
    }
    void aQueuedMessageCanFailWithoutANumber()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = composed(store, 1);
        KITH_VERIFY_OK(store->outbox().reject(id, no));
        QCOMPARE(store->conversations().find(testLog).value()->lastSendNo, number(0));
        QCOMPARE(stateOf(store, id), OutboxState::Failed);
    }
    void aRefusalKeepsItsReasonUntilItIsTriedAgain()
    {
        TestStore store;
        prepare(*store);
        const MessageId id = composed(store, 1);
        KITH_VERIFY_OK(store->outbox().reject(id, no));
        store.crash();
        QCOMPARE(store->messages().find(id).value()->failure,
                 std::optional(SendFailure{"store/refused", "the server says no"}));
        KITH_VERIFY_OK(store->outbox().retry(id));
        QVERIFY(!store->messages().find(id).value()->failure);
        // A hostile server's words are bounded, and text.
        for (const std::string& words : {std::string(100'000, 'x'), std::string("\xff")}) {
            KITH_VERIFY_OK(store->outbox().reject(id, Error::make(StoreError::Refused, words)));
            QCOMPARE(store->messages().find(id).value()->failure->words, std::string("it was refused without words"));
            KITH_VERIFY_OK(store->outbox().retry(id));
        }
    }
    /// P3: what was accepted is sorted by its number alone; what was refused stays where it was composed.
    void aFailedMessageStandsWhereItWasComposed()
    {
        TestStore store;
        prepare(*store);
        const MessageId first = composed(store, 1);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2)})));
        const MessageId second = composed(store, 2);
        const MessageId third = composed(store, 3);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(3), anasRow(4)})));
        const MessageId pending = composed(store, 4);
        for (const MessageId id : {third, first, second})
            KITH_VERIFY_OK(store->outbox().reject(id, no));
        const auto order = [&] {
            std::vector<MessageId> ids;
            const auto rows = store->messages().newest(testLog, 100).value();
            for (const Message& row : rows)
                ids.push_back(row.id);
            return ids;
        };
        const auto numbered = [&](std::uint64_t seq) { return store->messages().find(testLog, at(seq)).value()->id; };
        const std::vector placed{first, numbered(1), numbered(2), second, third, numbered(3), numbered(4), pending};
        QCOMPARE(order(), placed);
        QVERIFY(!store->messages().find(second).value()->position);
        QCOMPARE(store->outbox().accepted(testLog).value(), 0U); // a place is no acceptance
        // Every way to read has the same order.
        std::vector<MessageId> walked;
        const auto around = store->messages().around(third, 4, 3).value();
        for (const Message& row : around)
            walked.push_back(row.id);
        QCOMPARE(walked, placed);
        // What comes and goes elsewhere leaves it there.
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(5)})));
        store.crash();
        QCOMPARE(order().at(3), second);
        QCOMPARE(store->conversations().find(testLog).value()->unread, 5U);
        // Tried again it waits at the end, and takes the number that the server gives it.
        KITH_VERIFY_OK(store->outbox().retry(second));
        QCOMPARE(order(), (std::vector{first, numbered(1), numbered(2), third, numbered(3), numbered(4), numbered(5),
                                       second, pending}));
        KITH_VERIFY_OK(store->outbox().seal(second, "bytes", commitment, "secret"));
        KITH_VERIFY_OK(store->outbox().accept(second, {at(6), wallFromMillis(1), chainOf(6)}));
        QCOMPARE(order().at(7), second);
        QCOMPARE(store->messages().find(second).value()->position, std::optional(at(6)));
        // One that the server had taken after all: the log says where it stands.
        KITH_VERIFY_OK(store->inbox().commit(batchOf({ownRow(6, messageIdOf(2)), ownRow(7, messageIdOf(3))})));
        QCOMPARE(store->messages().find(third).value()->position, std::optional(at(7)));
        QVERIFY(!store->messages().find(third).value()->failure);
    }
    void aCutLeavesWhatFailedAlone()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1), anasRow(2)})));
        const MessageId failed = composed(store, 1);
        KITH_VERIFY_OK(store->outbox().reject(failed, no));
        KITH_VERIFY_OK(store->inbox().cut(testLog, at(2), Generation{std::uint64_t{9}}));
        QCOMPARE(store->conversations().find(testLog).value()->chain, chainOf(2));
        KITH_VERIFY_OK(store->inbox().cut(testLog, at(1), Generation{std::uint64_t{10}}));
        QCOMPARE(stateOf(store, failed), OutboxState::Failed);
        QCOMPARE(store->messages().find(failed).value()->failure->words, std::string("the server says no"));
        QCOMPARE(store->outbox().pending().value(), 0U);
    }
    void theServersCountRenumbers()
    {
        TestStore store;
        prepare(*store);
        std::vector<MessageId> ids;
        for (std::uint64_t n = 1; n <= 3; ++n)
            ids.push_back(sealedItem(store, n));
        KITH_VERIFY_OK(store->outbox().renumber(testLog, number(7)));
        QCOMPARE(numbers(store), (std::vector<std::uint64_t>{7, 8, 9}));
        QCOMPARE(store->outbox().unanswered(testLog, 1)->at(0).id, ids[0]);
        QCOMPARE(store->conversations().find(testLog).value()->lastSendNo, number(9));
        KITH_VERIFY_OK(store->outbox().renumber(testLog, number(2)));
        QCOMPARE(numbers(store), (std::vector<std::uint64_t>{2, 3, 4}));
        KITH_VERIFY_FAILS(store->outbox().renumber(testLog, number(0)), StoreError::Invalid);
    }
    void controlMessagesTravelUnseen()
    {
        TestStore store;
        prepare(*store);
        NewMessage message = textTo(testLog, 1);
        message.kind = MessageKind::Control;
        message.raw = "resend";
        const auto id = store->outbox().compose(message, self, selfDevice);
        KITH_VERIFY_OK(id);
        QVERIFY(store->messages().newest(testLog, 10)->empty());
        QCOMPARE(store->outbox().queued({}, 10)->size(), 1U);
        QCOMPARE(store->messages().find(*id).value()->raw, Bytes("resend"));
    }
    /// mechanisms, section 1: a restored server lost the tail.
    void whatARestoredServerLostIsSentAgain()
    {
        TestStore store;
        prepare(*store);
        KITH_VERIFY_OK(store->inbox().commit(batchOf({anasRow(1)})));
        const MessageId lost = sealedItem(store, 1);
        KITH_VERIFY_OK(store->outbox().accept(lost, {at(2), {}, chainOf(2)}));
        KITH_VERIFY_OK(store->inbox().commit(batchOf({ownRow(2, messageIdOf(1)), anasRow(3)})));
        const MessageId pending = sealedItem(store, 2);
        KITH_VERIFY_OK(store->marks().setRead(testLog, seqOf(3)));

        KITH_VERIFY_OK(store->inbox().cut(testLog, at(1), Generation{std::uint64_t{9}}));
        const Conversation after = store->conversations().find(testLog).value().value();
        QCOMPARE(after.cursor, seqOf(1));
        QCOMPARE(after.generation, Generation{std::uint64_t{9}});
        QCOMPARE(after.chain, chainOf(1));
        QCOMPARE(after.readPosition, seqOf(1));
        QCOMPARE(stateOf(store, lost), OutboxState::Queued);
        QCOMPARE(stateOf(store, pending), OutboxState::Queued); // sealed against a log that is no more
        const auto queued = store->outbox().queued({}, 10).value();
        QCOMPARE(queued.size(), 2U);
        QCOMPARE(queued[0].id, lost); // in order of composing
        QCOMPARE(queued[0].clientMsgId, messageIdOf(1));
        auto shown = store->messages().newest(testLog, 10).value();
        QCOMPARE(shown.size(), 4U);
        QCOMPARE(shown[1].text, std::string("hello"));
        QCOMPARE(shown[1].confirmation, Confirmation::Unconfirmed);
        QCOMPARE(after.unread, 0U);

        // Both come again in the new generation; nothing is doubled.
        InboxRow system = anasRow(2, "", 9);
        system.kind = MessageKind::System;
        system.author = {};
        system.device = {};
        system.clientMsgId = {};
        InboxRow anasAgain = anasRow(4, "hello", 9);
        anasAgain.clientMsgId = anasRow(3).clientMsgId;
        KITH_VERIFY_OK(store->inbox().commit(batchOf({system, ownRow(3, messageIdOf(1), 9), anasAgain})));
        shown = store->messages().newest(testLog, 10).value();
        QCOMPARE(shown.size(), 5U); // 1, the cut, mine, hers, and what is pending
        QCOMPARE(shown[2].id, lost);
        QCOMPARE(shown[3].confirmation, Confirmation::Confirmed);
        QCOMPARE(shown[3].position, std::optional(at(4, 9)));
        QCOMPARE(store->outbox().pending().value(), 1U);
        QCOMPARE(store->conversations().find(testLog).value()->unread, 1U);
        KITH_VERIFY_OK(store->inbox().cut(testLog, at(1), Generation{std::uint64_t{9}})); // told twice
        QCOMPARE(store->messages().newest(testLog, 10)->size(), 5U);
    }
};

QTEST_APPLESS_MAIN(OutboxStoreTest)
#include "OutboxStoreTest.moc"
