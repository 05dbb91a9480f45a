#include "core/sync/Deadlines.h"

#include "tests/support/sync/SyncBench.h"

using namespace kith;
using namespace kith::test;

namespace
{

class Desk : public SyncBench
{
public:
    Desk() { KITH_VERIFY_OK(store->inbox().commit(batchOf({waitingRow(1)}))); }

    MessageKind kind() { return (*store->messages().find(testLog, at(1)))->kind; }

    int told = 0;
    std::unique_ptr<Deadlines> deadlines = std::make_unique<Deadlines>(*context, [this] { ++told; });
};

constexpr std::chrono::hours day{24};

} // namespace

class DeadlinesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// P7: waiting ends, also on a device that stays connected for ever.
    void whatWaitsIsLostWhileConnected()
    {
        Desk desk;
        desk.deadlines->connected();
        desk.time.pass(7 * day - Deadlines::countEvery);
        QCOMPARE(desk.kind(), MessageKind::Waiting);
        desk.time.pass(2 * Deadlines::countEvery);
        QCOMPARE(desk.kind(), MessageKind::Lost);
        QCOMPARE(desk.told, 1);
        desk.time.pass(day);
        QCOMPARE(desk.told, 1);
    }
    void timeOfflineDoesNotCount()
    {
        Desk desk;
        desk.deadlines->connected();
        desk.time.pass(6 * day);
        desk.deadlines->disconnected();
        desk.time.pass(30 * day);
        QCOMPARE(desk.kind(), MessageKind::Waiting);
        desk.deadlines->connected();
        desk.time.pass(day + Deadlines::countEvery);
        QCOMPARE(desk.kind(), MessageKind::Lost);
    }
    void aCrashTakesMinutesOnly()
    {
        Desk desk;
        desk.deadlines->connected();
        desk.time.pass(6 * day);
        desk.deadlines.reset();
        desk.crash();
        const auto waiting = desk.store->inbox().waiting(1);
        QVERIFY(waiting && waiting->front().left <= day + Deadlines::countEvery);
    }
    void aSleepingMachineIsNotOnline()
    {
        Desk desk;
        desk.deadlines->connected();
        desk.time.freeze(30 * day);
        desk.deadlines->disconnected();
        QCOMPARE(desk.kind(), MessageKind::Waiting);
    }
};

QTEST_GUILESS_MAIN(DeadlinesTest)
#include "DeadlinesTest.moc"
