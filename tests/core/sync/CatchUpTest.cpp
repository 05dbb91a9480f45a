#include "core/sync/CatchUp.h"

#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

class Desk : public SyncBench
{
public:
    Desk() { connect(); }

    std::optional<wire::HeadsRequest> asksHeads() { return server.hear<wire::HeadsRequest>(wire::HEADS); }
    std::optional<wire::SyncRequest> asksPage() { return server.hear<wire::SyncRequest>(wire::SYNC); }
    template <class Response> void answer(const Response& response)
    {
        QVERIFY(server.answer(response));
        time.settle();
    }
    static void addHead(wire::HeadsResponse& heads, const LogId& log, std::uint64_t head)
    {
        wire::LogHead& out = *heads.add_logs();
        out.set_log_id(log.bytes());
        out.set_generation(1);
        out.set_head(head);
    }
    static wire::HeadsResponse heads(std::uint64_t head, std::uint64_t token = 40)
    {
        wire::HeadsResponse out;
        out.set_activity_token(token);
        addHead(out, testLog, head);
        return out;
    }
    static wire::SyncResponse page(const std::vector<wire::Entry>& entries, std::uint64_t head)
    {
        wire::SyncResponse out;
        out.set_generation(1);
        out.set_head(head);
        for (const wire::Entry& entry : entries)
            *out.add_entries() = entry;
        return out;
    }
    std::uint64_t token() { return *store->account().activityToken(); }

    int caughtUp = 0;
    std::vector<LogId> level;
    std::vector<Error> broken;
    SystemEntries system{*context, {[](LogId) {}, [] {}}};
    Receipts receipts{*context};
    Inbox inbox{*context,
                *directory,
                system,
                {[](LogId) {}, [this](LogId log) { catchUp.fetch(log); }, [](LogId) {},
                 [this](const Error& error) { broken.push_back(error); }}};
    CatchUp catchUp{*context,
                    inbox,
                    receipts,
                    {[] {}, [] {}, [this] { ++caughtUp; }, [this](LogId log) { level.push_back(log); },
                     [this](const Error& error) { broken.push_back(error); }}};
};

} // namespace

class CatchUpTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pagesUntilNothingIsMissing()
    {
        Desk desk;
        desk.catchUp.ready();
        const auto asked = desk.asksHeads();
        QVERIFY(asked && asked->activity_token() == 0);
        desk.answer(Desk::heads(3));
        const auto first = desk.asksPage();
        QVERIFY(first && first->after() == 0);
        desk.answer(Desk::page({desk.says("one"), desk.says("two")}, 3));
        QCOMPARE(desk.caughtUp, 0);
        QCOMPARE(desk.token(), 0U);
        const auto second = desk.asksPage();
        QVERIFY(second && second->after() == 2);
        desk.answer(Desk::page({desk.says("three")}, 3));
        QCOMPARE(desk.caughtUp, 1);
        QCOMPARE(desk.level, std::vector<LogId>{testLog});
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "two", "three"}));
        QCOMPARE(desk.token(), 40U); // only now: an interrupted catch-up begins where the last complete one did
        QVERIFY(desk.transport.silence());
    }
    void nothingMovedNothingIsFetched()
    {
        Desk desk;
        QVERIFY(desk.store->account().setActivityToken(33).ok());
        desk.catchUp.received([&] {
            wire::Entries live;
            live.set_log_id(testLog.bytes());
            live.set_generation(1);
            live.set_head(1);
            *live.add_entries() = desk.says("live");
            return live;
        }());
        desk.catchUp.ready();
        const auto asked = desk.asksHeads();
        QVERIFY(asked && asked->activity_token() == 33);
        desk.answer(Desk::heads(1));
        QCOMPARE(desk.caughtUp, 1);
        QVERIFY(desk.transport.silence());
    }
    /// What it tells of (a new conversation) is fetched in the same catch-up.
    void theAccountLogComesFirst()
    {
        Desk desk;
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        wire::HeadsResponse heads = Desk::heads(1);
        Desk::addHead(heads, desk.context->account.accountLog, 1);
        desk.answer(heads);
        QVERIFY(desk.asksHeads()); // to state where it stands in the log that is new
        desk.answer(wire::HeadsResponse());
        const auto account = desk.asksPage();
        QVERIFY(account && account->log_id() == desk.context->account.accountLog.bytes());
        QVERIFY(desk.transport.silence());
        desk.answer(Desk::page({}, 0));
        const auto next = desk.asksPage();
        QVERIFY(next && next->log_id() == testLog.bytes());
    }
    /// A page that the server cannot read is not passed over as if there were nothing behind it.
    void anUnreadablePageEndsNoCatchUp()
    {
        Desk desk;
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        desk.answer(Desk::heads(3));
        QVERIFY(desk.asksPage());
        QVERIFY(desk.server.refuse(wire::WireCode::Internal, "the disk failed"));
        desk.time.settle();
        QCOMPARE(desk.caughtUp, 0);
        QCOMPARE(desk.store->account().activityToken().value(), 0U);
    }
    void fewLogsAtATime()
    {
        Desk desk;
        wire::HeadsResponse heads;
        heads.set_activity_token(1);
        for (int i = 0; i < 7; ++i) {
            const auto log = idOf<LogId>(0x40 + i);
            KITH_VERIFY_OK(desk.store->conversations().ensure(log, ConversationType::Direct, desk.random.id<UserId>(),
                                                              RequestState::Declined));
            Desk::addHead(heads, log, 1);
        }
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        desk.answer(heads);
        std::size_t asked = 0;
        std::uint64_t last = 0;
        while (desk.asksPage()) {
            ++asked;
            last = desk.server.lastId();
        }
        // The known conversation, which has nothing yet, is asked for too.
        QCOMPARE(asked, CatchUp::parallelLogs);
        QVERIFY(desk.server.answerTo(last, wire::SYNC, Desk::page({}, 0)));
        desk.time.settle();
        QVERIFY(desk.asksPage());
        QVERIFY(!desk.asksPage());
        QCOMPARE(desk.caughtUp, 0);
    }
    /// A hole in what is delivered live is closed by the same door.
    void aGapInLiveDeliveryFetchesThePage()
    {
        Desk desk;
        const wire::Entry one = desk.says("one");
        const wire::Entry two = desk.says("two");
        wire::Entries live;
        live.set_log_id(testLog.bytes());
        live.set_generation(1);
        live.set_head(2);
        *live.add_entries() = two;
        desk.catchUp.received(live);
        desk.time.settle();
        const auto asked = desk.asksPage();
        QVERIFY(asked && asked->after() == 0);
        QVERIFY(desk.texts().empty());
        // The same news meanwhile joins the fetch under way, which then looks once more.
        desk.catchUp.received(live);
        desk.time.settle();
        QVERIFY(desk.transport.silence());
        desk.answer(Desk::page({one, two}, 2));
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "two"}));
        const auto again = desk.asksPage();
        QVERIFY(again && again->after() == 2);
        desk.answer(Desk::page({}, 2));
        QVERIFY(desk.transport.silence());
        QVERIFY(desk.broken.empty());
    }
    void anInterruptedCatchUpBeginsAgain()
    {
        Desk desk;
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        desk.answer(Desk::heads(2));
        QVERIFY(desk.asksPage());
        desk.answer(Desk::page({desk.says("one")}, 2));
        QVERIFY(desk.asksPage());
        desk.breakOff();
        desk.catchUp.disconnected();
        QCOMPARE(desk.token(), 0U);
        desk.connect();
        desk.catchUp.ready();
        const auto asked = desk.asksHeads();
        QVERIFY(asked && asked->activity_token() == 0);
        desk.answer(Desk::heads(2));
        const auto rest = desk.asksPage();
        QVERIFY(rest && rest->after() == 1); // what is stored is not fetched again
        desk.answer(Desk::page({desk.says("two")}, 2));
        QCOMPARE(desk.caughtUp, 1);
    }
    void aBusyServerIsAskedAgainLater()
    {
        Desk desk;
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        QVERIFY(desk.server.refuse(wire::WireCode::Unavailable, "later", Millis{5000}));
        desk.time.pass(Millis{4900});
        QVERIFY(desk.transport.silence());
        desk.time.pass(Millis{200});
        QVERIFY(desk.asksHeads());
        QCOMPARE(desk.caughtUp, 0);
    }
    void whatWasTrimmedIsAVisibleLoss()
    {
        Desk desk;
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        desk.answer(Desk::heads(1));
        QVERIFY(desk.asksPage());
        desk.answer(Desk::page({desk.says("one")}, 1));
        desk.catchUp.ready(); // a month later
        QVERIFY(desk.asksHeads());
        desk.answer(Desk::heads(4));
        QVERIFY(desk.asksPage());
        static_cast<void>(desk.says("trimmed"));
        const wire::Entry last = desk.says("trimmed too");
        wire::SyncResponse page = Desk::page({desk.says("four")}, 4);
        page.mutable_trimmed()->set_floor(4);
        page.mutable_trimmed()->set_chain(last.chain());
        desk.answer(page);
        QCOMPARE(desk.texts(), (std::vector<std::string>{"one", "four"}));
        const auto rows = *desk.store->messages().newest(testLog, 10);
        QCOMPARE(rows.size(), 3U);
        QCOMPARE(rows[1].kind, MessageKind::Lost);
        QVERIFY(rows[2].chainCheck != ChainCheck::Different); // the chain goes on from the floor
        QCOMPARE(desk.conversation().cursor, seqOf(4));
        QCOMPARE(desk.caughtUp, 2);
    }
    void aPageThatCannotBeReadBreaksTheConnection()
    {
        Desk desk;
        desk.catchUp.ready();
        QVERIFY(desk.asksHeads());
        desk.answer(Desk::heads(1));
        QVERIFY(desk.asksPage());
        wire::Entry forged = desk.says("one");
        forged.set_body("another body");
        desk.answer(Desk::page({forged}, 1));
        QCOMPARE(desk.broken.size(), 1U);
        QCOMPARE(desk.caughtUp, 0);
        QCOMPARE(desk.conversation().cursor, Seq{});
    }
};

QTEST_GUILESS_MAIN(CatchUpTest)
#include "CatchUpTest.moc"
