#include "core/sync/Inbox.h"

#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

class Desk : public SyncBench
{
public:
    /// Delivers and waits; the outcome, or nothing while it is not decided.
    std::optional<Result<void>> deliver(const std::vector<wire::Entry>& entries, Seq head = {})
    {
        std::vector<LogRow> rows;
        for (const wire::Entry& entry : entries)
            rows.push_back(row(entry));
        const auto outcome = std::make_shared<std::optional<Result<void>>>();
        inbox.deliver(testLog, std::move(rows), head, [outcome](Result<void> result) { outcome->emplace(result); });
        time.settle();
        return *outcome;
    }
    bool stores(const std::vector<wire::Entry>& entries)
    {
        const auto outcome = deliver(entries);
        return outcome && outcome->ok();
    }
    /// The server has nothing below `floor` any more, and goes on there.
    void trim(Seq floor)
    {
        continueAt(floor);
        KITH_VERIFY_OK(store->write(
            [&] { return store->inbox().skipTrimmed(testLog, Generation{std::uint64_t{1}}, floor, Bytes(32, 'x')); }));
    }
    std::vector<Message> rows() { return *store->messages().newest(testLog, 100); }

    int stored = 0;
    int gaps = 0;
    int waiting = 0;
    std::vector<Error> broken;
    SystemEntries system{*context, {[](LogId) {}, [] {}}};
    Inbox inbox{*context,
                *directory,
                system,
                {[this](LogId) {
                     // P1: whoever is told may acknowledge, so everything is on disk by now.
                     lastCursorTold = conversation().cursor;
                     ++stored;
                 },
                 [this](LogId) { ++gaps; }, [this](LogId) { ++waiting; },
                 [this](const Error& error) { broken.push_back(error); }}};
    Seq lastCursorTold;
};

} // namespace

class InboxTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void storesInOrderAndTellsAfterwards()
    {
        Desk desk;
        QVERIFY(desk.stores({desk.says("one"), desk.says("two")}));
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "two"}));
        QCOMPARE(desk.conversation().cursor, seqOf(2));
        QCOMPARE(desk.stored, 1);
        QCOMPARE(desk.lastCursorTold, seqOf(2));
        desk.store.crash();
        QCOMPARE(desk.conversation().cursor, seqOf(2));
        QCOMPARE(desk.texts().size(), 2U);
    }
    /// Rows, cursor and key state in one transaction: where the disk refuses, nothing of it is there and nobody is
    /// told.
    void nothingIsHalfStored()
    {
        Desk desk;
        desk.stockKeys(3);
        QVERIFY(desk.stores({desk.says("one")}));
        desk.store.disk().failSyncsAfter(0);
        const auto outcome = desk.deliver({desk.says("two"), desk.says("three")});
        QVERIFY(outcome && !outcome->ok());
        QCOMPARE(desk.stored, 1);
        QCOMPARE(desk.broken.size(), 1U);
        desk.store.disk().heal();
        desk.store.crash();
        QCOMPARE(desk.texts(), std::vector<std::string>{"one"});
        QCOMPARE(desk.conversation().cursor, seqOf(1));
        QCOMPARE(desk.leftKeys(), 2U);
    }
    void whatComesTwiceIsStoredOnce()
    {
        Desk desk;
        const wire::Entry one = desk.says("one");
        const wire::Entry two = desk.says("two");
        QVERIFY(desk.stores({one}) && desk.stores({one}) && desk.stores({one, two}) && desk.stores({two}));
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "two"}));
        QCOMPARE(desk.crypto.opens, 2); // a key that was used is not asked for again
    }
    void aHoleIsFetchedAndNeverSteppedOver()
    {
        Desk desk;
        const wire::Entry one = desk.says("one");
        const wire::Entry two = desk.says("two");
        const wire::Entry three = desk.says("three");
        QVERIFY(desk.stores({one}));
        const auto outcome = desk.deliver({three});
        QVERIFY(outcome && !outcome->ok() && outcome->error().is(StoreError::Gap));
        QCOMPARE(desk.gaps, 1);
        QVERIFY(desk.broken.empty());
        QCOMPARE(desk.conversation().cursor, seqOf(1));
        QVERIFY(desk.stores({two, three}));
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "two", "three"}));
    }
    void aServerThatChangesHistoryShows()
    {
        Desk desk;
        wire::Entry one = desk.says("one");
        one.set_chain(Bytes(32, 'x'));
        QVERIFY(desk.stores({one}));
        QCOMPARE(desk.rows().front().chainCheck, ChainCheck::Different);
        // The chain is computed here: the next row, which follows the true one, is judged by that.
        QVERIFY(desk.stores({desk.says("two")}));
        QVERIFY(desk.rows().back().chainCheck != ChainCheck::Different);
    }
    /// The server's chain is consistent for us; what the author had is another log.
    void anAuthorWithAnotherLogShowsAndNothingStops()
    {
        Desk desk;
        QVERIFY(desk.stores({desk.says("one")}));
        const Sha256Digest ours = *Sha256Digest::fromBytes(desk.conversation().chain);
        desk.crypto.claim = {Generation{std::uint64_t{1}}, seqOf(1), ours};
        QVERIFY(desk.stores({desk.says("two")}));
        QCOMPARE(desk.rows().back().chainCheck, ChainCheck::Equal);
        desk.crypto.claim.chain = sha256("another log");
        const int told = desk.stored;
        QVERIFY(desk.stores({desk.says("three")}));
        QCOMPARE(desk.rows().back().chainCheck, ChainCheck::Different);
        QCOMPARE(desk.stored, told + 1);
        QVERIFY(desk.broken.empty());
        QCOMPARE(desk.texts().size(), 3U);
    }
    void onlyThePeopleOfAConversationSpeakInIt()
    {
        Desk desk;
        SyncPerson eve(desk.random, wallFromMillis(Desk::serverMs));
        wire::Entry foreign = desk.says("let me in");
        foreign.set_sender_user(eve.user().bytes());
        QVERIFY(desk.stores({foreign}));
        QCOMPARE(desk.rows().front().kind, MessageKind::Lost);
        QCOMPARE(desk.rows().front().raw, Bytes("foreign_sender"));
        QCOMPARE(desk.crypto.opens, 0);
    }
    void unknownKindsAdvanceTheCursor()
    {
        Desk desk;
        QVERIFY(desk.stores({desk.entry("of a later time", static_cast<wire::EntryKind>(77)), desk.says("hello")}));
        QCOMPARE(desk.conversation().cursor, seqOf(2));
        QCOMPARE(desk.texts(), std::vector<std::string>{"hello"});
    }
    /// An unknown device's list is fetched before the row is opened, once on a connection; what comes behind waits.
    void anUnknownDeviceIsLookedUpFirst()
    {
        Desk desk;
        desk.goOnline();
        const OwnDevice tablet = OwnDevice::generate(desk.anna.user(), desk.anna.account.identity.publicKey,
                                                     wallFromMillis(Desk::serverMs), desk.random);
        wire::Entry one = desk.says("from the tablet");
        one.set_sender_device(tablet.identity.device.bytes());
        QVERIFY(!desk.deliver({one}));
        QVERIFY(!desk.deliver({desk.says("from the telephone")}));
        const auto asked = desk.server.hear<wire::ListDevicesRequest>(wire::LIST_DEVICES);
        QVERIFY(asked && asked->after_version() == 1);
        QVERIFY(desk.transport.silence());
        wire::ListDevicesResponse list;
        *list.add_manifests() = desk.anna.list({tablet.identity});
        QVERIFY(desk.server.answer(list));
        desk.time.settle();
        QCOMPARE(desk.texts(), (std::vector<std::string>{"from the tablet", "from the telephone"}));
    }
    void aDeviceThatNobodyKnowsWaitsAndIsNotSoughtTwice()
    {
        Desk desk;
        desk.goOnline();
        wire::Entry one = desk.says("who is that?");
        one.set_sender_device(Bytes(16, 'd'));
        wire::Entry two = desk.says("and again");
        two.set_sender_device(Bytes(16, 'd'));
        QVERIFY(!desk.deliver({one}));
        QVERIFY(desk.server.hear<wire::ListDevicesRequest>(wire::LIST_DEVICES));
        QVERIFY(desk.server.answer(wire::ListDevicesResponse()));
        desk.time.settle();
        QCOMPARE(desk.rows().front().kind, MessageKind::Waiting);
        QCOMPARE(desk.waiting, 1);
        QVERIFY(desk.stores({two}));
        QVERIFY(desk.transport.silence());
        desk.inbox.disconnected();
        wire::Entry three = desk.says("on the next connection");
        three.set_sender_device(Bytes(16, 'd'));
        QVERIFY(!desk.deliver({three}));
        QVERIFY(desk.server.hear<wire::ListDevicesRequest>(wire::LIST_DEVICES));
    }
    /// P7: what waited for its author's certificate is opened as soon as a list brings it.
    void whatWaitsForAListIsOpenedWhenItComes()
    {
        Desk desk;
        const OwnDevice tablet = OwnDevice::generate(desk.anna.user(), desk.anna.account.identity.publicKey,
                                                     wallFromMillis(Desk::serverMs), desk.random);
        wire::Entry one = desk.says("from the tablet");
        one.set_sender_device(tablet.identity.device.bytes());
        QVERIFY(desk.stores({one})); // nobody to ask
        QCOMPARE(desk.rows().front().kind, MessageKind::Waiting);
        const int told = desk.stored;
        desk.directory->onDeviceAdded([&](const DeviceAddress& device) { desk.inbox.retryFrom(device); });
        desk.directory->learn(desk.anna.user(), {desk.anna.list({tablet.identity})}, [](const Result<bool>&) {});
        desk.time.settle();
        QCOMPARE(desk.texts(), std::vector<std::string>{"from the tablet"});
        QVERIFY(desk.stored > told);
    }
    void whatWaitsForAnUpdateIsTriedAgain()
    {
        Desk desk;
        const wire::Entry one = desk.says("hello");
        QVERIFY(desk.stores({one, desk.entry("newer:" + one.body())}));
        desk.inbox.retryUpdated();
        QCOMPARE(desk.rows().back().kind, MessageKind::Waiting);
        desk.crypto.updated = true;
        desk.inbox.retryUpdated();
        QCOMPARE(desk.texts(), (std::vector<std::string>{"hello", "hello"}));
    }
    /// A device that was away for long: the author's keys ran ahead by what the server trimmed, and by no more.
    void whatTheServerTrimmedMayBeSteppedOver()
    {
        Desk desk;
        QVERIFY(desk.stores({desk.says("one")}));
        desk.crypto.farAhead = 4999;
        QVERIFY(desk.stores({desk.says("nothing was trimmed")}));
        QCOMPARE(desk.rows().back().kind, MessageKind::Waiting);
        QCOMPARE(desk.crypto.allowance.provenMissing, 0U);
        desk.trim(seqOf(5003));
        QVERIFY(desk.stores({desk.says("after the trimmed ones")}));
        QCOMPARE(desk.texts().back(), std::string("after the trimmed ones"));
        QCOMPARE(desk.crypto.allowance.provenMissing, 4999U);
    }
    void whatCannotBeOpenedWaitsAndIsRepairedInPlace()
    {
        Desk desk;
        wire::Entry broken = desk.says("the first");
        broken.clear_envelope();
        QVERIFY(desk.stores({broken, desk.says("the second")}));
        QCOMPARE(desk.waiting, 1);
        QCOMPARE(desk.conversation().cursor, seqOf(2)); // it holds nothing up
        Message original;
        original.clientMsgId = *ClientMsgId::fromBytes(broken.client_msg_id());
        original.text = "the first";
        original.position = at(1);
        const Bytes content = *encodeResend(original, desk.me.device().address(), OwnAccount{});
        QVERIFY(desk.stores({desk.entry(ScriptedCrypto::bodyOf(content), wire::RESEND)}));
        QCOMPARE(desk.texts(), (std::vector<std::string>{"the first", "the second"}));
        QVERIFY((*desk.store->inbox().waiting(10)).empty());
        // Once more changes nothing: the wait is over.
        QVERIFY(desk.stores({desk.entry(ScriptedCrypto::bodyOf(content), wire::RESEND)}));
        QCOMPARE(desk.texts().size(), 2U);
    }
    void whatIsLostSaysWhy()
    {
        Desk desk;
        wire::Entry trimmed = desk.says("gone");
        trimmed.clear_body();
        QVERIFY(desk.stores({trimmed, desk.entry("damaged")}));
        QCOMPARE(desk.rows()[0].raw, Bytes("trimmed"));
        QCOMPARE(desk.rows()[1].raw, Bytes("damaged"));
        QCOMPARE(desk.rows()[1].kind, MessageKind::Lost);
    }
    /// A restored server: what it does not have any more stays, and the log goes on in the next generation.
    void aCutKeepsWhatWasThere()
    {
        Desk desk;
        QVERIFY(desk.stores({desk.says("one"), desk.says("two")}));
        wire::SystemRecord record;
        record.mutable_cut()->set_generation(1);
        record.mutable_cut()->set_seq(1);
        wire::Entry cut;
        cut.set_log_id(testLog.bytes());
        cut.set_generation(9);
        cut.set_seq(2);
        cut.set_kind(wire::SYSTEM);
        cut.set_body(record.SerializeAsString());
        cut.set_body_hash(Bytes(sha256(cut.body()).view()));
        cut.set_chain(Bytes(32, 'x'));
        QVERIFY(desk.stores({cut}));
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "two"}));
        const auto rows = desk.rows();
        const auto two = std::find_if(rows.begin(), rows.end(), [](const Message& row) { return row.text == "two"; });
        QCOMPARE(two->confirmation, Confirmation::Unconfirmed);
        QCOMPARE(desk.conversation().generation, Generation{std::uint64_t{9}});
        QCOMPARE(desk.conversation().cursor, seqOf(2));
    }
};

QTEST_GUILESS_MAIN(InboxTest)
#include "InboxTest.moc"
