#include "server/gateway/LiveDelivery.h"

#include "tests/support/base/FakeClock.h"

#include <QTest>

using namespace kith;
using namespace kith::server;

namespace
{

const LogId logA = *LogId::fromBytes("aaaaaaaaaaaaaaaa");
const LogId logB = *LogId::fromBytes("bbbbbbbbbbbbbbbb");
const DeviceId phone = *DeviceId::fromBytes("phonephonephoneP");

/// Logs in memory, a wire that only counts.
class FakePort final : public LiveDelivery::Port
{
public:
    Result<Seq> statedCursor(LogId log) override { return Seq(cursors[log]); }
    Result<PageView> readPage(const PageRequest& request) override
    {
        ++reads;
        PageView view;
        view.head.head = Seq(heads[request.log]);
        view.head.generation = Generation(std::uint64_t{1});
        view.after = request.after;
        std::size_t octets = 0;
        for (std::uint64_t seq = request.after.value() + 1; seq <= heads[request.log]; ++seq) {
            Entry entry = make(request.log, seq);
            octets += entry.body.size();
            if (!view.entries.empty() && octets > request.maxBytes)
                break;
            view.entries.push_back(std::move(entry));
        }
        if (request.after.value() + 1 < floors[request.log])
            view.trimmed = Trimmed{Seq(floors[request.log]), {}};
        return view;
    }
    void sendEntries(LogId log, Generation, const std::vector<Entry>& entries, Seq head) override
    {
        ++frames;
        lastHead = head;
        for (const Entry& entry : entries) {
            sent[log].push_back(entry.seq.value());
            order.push_back(log);
        }
    }
    bool tight() const override { return isTight; }
    bool congested() override { return isCongested; }

    Entry make(LogId log, std::uint64_t seq) const
    {
        Entry entry;
        entry.log = log;
        entry.seq = Seq(seq);
        entry.body = Bytes(bodySize, 'x');
        return entry;
    }
    Hint hint(LogId log, std::uint64_t from, std::uint64_t to, bool rows) const
    {
        Hint hint{log, Generation(std::uint64_t{1}), Seq(from), Seq(to), {}};
        for (std::uint64_t seq = from; rows && seq <= to; ++seq)
            hint.rows.push_back(make(log, seq));
        return hint;
    }

    std::map<LogId, std::uint64_t> cursors;
    std::map<LogId, std::uint64_t> heads;
    std::map<LogId, std::uint64_t> floors;
    std::map<LogId, std::vector<std::uint64_t>> sent;
    std::vector<LogId> order;
    std::size_t bodySize = 100;
    int reads = 0;
    int frames = 0;
    Seq lastHead;
    bool isTight = false;
    bool isCongested = false;
};

std::vector<std::uint64_t> range(std::uint64_t from, std::uint64_t to)
{
    std::vector<std::uint64_t> out;
    for (; from <= to; ++from)
        out.push_back(from);
    return out;
}

} // namespace

class LiveDeliveryTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void startsAtTheStatedCursor()
    {
        Setup s;
        s.port.cursors[logA] = 3;
        s.port.heads[logA] = 7;
        s.delivery.hinted(s.port.hint(logA, 7, 7, true), phone);
        QCOMPARE(s.port.sent[logA], range(4, 7)); // read, because the rows do not follow what was stated
        QCOMPARE(s.port.reads, 1);
    }
    void rowsThatFollowAreUsedWithoutReading()
    {
        Setup s;
        s.port.heads[logA] = 1;
        s.delivery.hinted(s.port.hint(logA, 1, 1, true), phone);
        const int reads = s.port.reads;
        for (std::uint64_t seq = 2; seq <= 10; ++seq)
            s.delivery.hinted(s.port.hint(logA, seq, seq, true), phone);
        QCOMPARE(s.port.sent[logA], range(1, 10));
        QCOMPARE(s.port.reads, reads);
    }
    void doubledAndLostHintsChangeNothing()
    {
        Setup s;
        s.port.heads[logA] = 1;
        s.delivery.hinted(s.port.hint(logA, 1, 1, true), phone);
        s.delivery.hinted(s.port.hint(logA, 1, 1, true), phone);
        s.port.heads[logA] = 5;
        s.delivery.hinted(s.port.hint(logA, 5, 5, true), phone); // 2 to 4 were lost
        s.delivery.hinted(s.port.hint(logA, 3, 3, true), phone); // one of them comes late
        QCOMPARE(s.port.sent[logA], range(1, 5));
    }
    /// P9: an unacknowledged reader costs one window, whatever the log holds.
    void theWindowHolds()
    {
        Setup s;
        s.port.bodySize = 1000;
        s.port.heads[logA] = 10'000;
        s.delivery.hinted(s.port.hint(logA, 10'000, 10'000, false), phone);
        QVERIFY(s.delivery.unacknowledged() <= LiveDelivery::smallestWindow);
        QVERIFY(s.port.sent[logA].size() < 40);
        for (std::uint64_t seq = 10'001; seq < 10'100; ++seq) {
            s.port.heads[logA] = seq;
            s.delivery.hinted(s.port.hint(logA, seq, seq, true), phone);
        }
        QVERIFY(s.delivery.unacknowledged() <= LiveDelivery::smallestWindow);
    }
    void oneEntryMayAlwaysGo()
    {
        Setup s;
        s.port.bodySize = 200'000;
        s.port.heads[logA] = 3;
        s.delivery.hinted(s.port.hint(logA, 3, 3, false), phone);
        QCOMPARE(s.port.sent[logA], range(1, 1));
        s.delivery.stated(logA, Seq(std::uint64_t{1}));
        QCOMPARE(s.port.sent[logA], range(1, 2));
    }
    void promptAcksDoubleTheWindow()
    {
        Setup s;
        s.port.bodySize = 1000;
        s.port.heads[logA] = 100'000;
        s.delivery.hinted(s.port.hint(logA, 100'000, 100'000, false), phone);
        for (int i = 0; i < 8; ++i) {
            s.clock.advance(Millis{50});
            s.delivery.stated(logA, Seq(s.port.sent[logA].back()));
        }
        QCOMPARE(s.delivery.window(), LiveDelivery::largestWindow);
        QVERIFY(s.delivery.unacknowledged() <= LiveDelivery::largestWindow);
        QCOMPARE(s.port.sent[logA], range(1, s.port.sent[logA].size())); // in order, each once
    }
    void lateAcksDoNot()
    {
        Setup s;
        s.port.bodySize = 1000;
        s.port.heads[logA] = 100'000;
        s.delivery.hinted(s.port.hint(logA, 100'000, 100'000, false), phone);
        for (int i = 0; i < 8; ++i) {
            s.clock.advance(LiveDelivery::promptAck + Millis{1});
            s.delivery.stated(logA, Seq(s.port.sent[logA].back()));
        }
        QCOMPARE(s.delivery.window(), LiveDelivery::smallestWindow);
    }
    void windowsShrinkWhenMemoryIsShort()
    {
        Setup s;
        s.port.isTight = true;
        s.port.bodySize = 1000;
        s.port.heads[logA] = 1000;
        s.delivery.hinted(s.port.hint(logA, 1000, 1000, false), phone);
        QVERIFY(s.delivery.unacknowledged() <= LiveDelivery::tightWindow);
    }
    void partialAcksMakeRoom()
    {
        Setup s;
        s.port.bodySize = 1000;
        s.port.heads[logA] = 1000;
        s.delivery.hinted(s.port.hint(logA, 1000, 1000, false), phone);
        const std::size_t first = s.port.sent[logA].size();
        s.delivery.stated(logA, Seq(std::uint64_t{first / 2}));
        QVERIFY(s.port.sent[logA].size() > first);
        QVERIFY(s.delivery.unacknowledged() <= LiveDelivery::smallestWindow);
    }
    void logsTakeTurnsAndTheFocusedGoesFirst()
    {
        Setup s;
        s.port.bodySize = 20'000;
        s.port.heads[logA] = 50;
        s.port.heads[logB] = 50;
        s.port.isCongested = true; // both are waiting before anything is sent
        s.delivery.hinted(s.port.hint(logA, 50, 50, false), phone);
        s.delivery.hinted(s.port.hint(logB, 50, 50, false), phone);
        s.delivery.focus(logB);
        s.port.isCongested = false;
        s.delivery.pump();
        QCOMPARE(s.port.order.front(), logB);
        s.delivery.focus(LogId{});
        for (int i = 0; i < 20; ++i) {
            for (const LogId& log : {logA, logB}) {
                if (!s.port.sent[log].empty())
                    s.delivery.stated(log, Seq(s.port.sent[log].back()));
            }
        }
        const auto a = s.port.sent[logA].size();
        const auto b = s.port.sent[logB].size();
        QVERIFY2(a > 5 && b > 5 && a < 4 * b && b < 4 * a, qPrintable(QStringLiteral("%1 %2").arg(a).arg(b)));
    }
    void fetchedPagesMoveThePosition()
    {
        Setup s;
        s.port.heads[logA] = 9;
        s.delivery.fetched(logA, Seq(std::uint64_t{8}));
        s.delivery.hinted(s.port.hint(logA, 9, 9, true), phone);
        QCOMPARE(s.port.sent[logA], range(9, 9));
    }
    /// Old pages that a device fetches again do not make everything after them come twice.
    void fetchingOldPagesMovesNothing()
    {
        Setup s;
        s.port.cursors[logA] = 8;
        s.port.heads[logA] = 9;
        s.delivery.fetched(logA, Seq(std::uint64_t{2}));
        s.delivery.hinted(s.port.hint(logA, 9, 9, true), phone);
        QCOMPARE(s.port.sent[logA], range(9, 9));
    }
    void belowTheFloorOnlyTheHeadIsTold()
    {
        Setup s;
        s.port.heads[logA] = 9;
        s.port.floors[logA] = 5;
        s.delivery.hinted(s.port.hint(logA, 9, 9, false), phone);
        QVERIFY(s.port.sent[logA].empty());
        QCOMPARE(s.port.frames, 1);
        QCOMPARE(s.port.lastHead, Seq(std::uint64_t{9}));
    }
    void idleLogsCostNothing()
    {
        Setup s;
        for (std::uint64_t i = 0; i < 100; ++i) {
            Bytes id(16, '\0');
            id[0] = static_cast<char>(i);
            const LogId log = *LogId::fromBytes(id);
            s.port.heads[log] = 1;
            s.delivery.hinted(s.port.hint(log, 1, 1, true), phone);
            s.delivery.stated(log, Seq(std::uint64_t{1}));
            s.port.cursors[log] = 1;
        }
        QCOMPARE(s.delivery.logs(), 100U);
        s.clock.advance(LiveDelivery::keepIdle);
        s.delivery.forgetIdle();
        QCOMPARE(s.delivery.logs(), 0U);
        s.delivery.headSeen(logA, Generation(std::uint64_t{1}), Seq(std::uint64_t{0}));
        QCOMPARE(s.delivery.logs(), 0U);
    }
    void unacknowledgedLogsAreKept()
    {
        Setup s;
        s.port.heads[logA] = 1;
        s.delivery.hinted(s.port.hint(logA, 1, 1, true), phone);
        s.clock.advance(LiveDelivery::keepIdle);
        s.delivery.forgetIdle();
        QCOMPARE(s.delivery.logs(), 1U);
        QVERIFY(s.delivery.unacknowledged() > 0);
    }

private:
    struct Setup {
        test::FakeClock clock;
        FakePort port;
        LiveDelivery delivery{port, clock};
    };
};

QTEST_APPLESS_MAIN(LiveDeliveryTest)
#include "LiveDeliveryTest.moc"
