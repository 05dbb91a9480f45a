#include "server/gateway/TimerQueue.h"

#include <QTest>

using kith::server::TimerQueue;

namespace
{

constexpr TimerQueue::Nanos ms = 1'000'000;

} // namespace

class TimerQueueTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firesWhenDueAndNotBefore()
    {
        TimerQueue queue;
        queue.add(1, 10, Qt::PreciseTimer, this, 0);
        QVERIFY(!queue.take(10 * ms - 1, 1));
        const auto due = queue.take(10 * ms, 1);
        QVERIFY(due);
        QCOMPARE(due->id, 1);
        QCOMPARE(due->object, static_cast<QObject*>(this));
    }
    void firesOnceATurnEvenWithoutInterval()
    {
        TimerQueue queue;
        queue.add(1, 0, Qt::PreciseTimer, this, 5);
        const auto due = queue.take(5, 1);
        QVERIFY(due);
        QVERIFY(!queue.take(5, 1)); // being handled
        queue.done(*due, 5);
        QVERIFY(!queue.take(5, 1)); // same turn
        QVERIFY(queue.take(5, 2));
    }
    void skipsMissedTicksAndKeepsThePhase()
    {
        TimerQueue queue;
        queue.add(1, 10, Qt::PreciseTimer, this, 0);
        const auto due = queue.take(57 * ms, 1);
        QVERIFY(due);
        queue.done(*due, 57 * ms);
        QCOMPARE(*queue.next(), 60 * ms);
    }
    void coarseTimersShareATickAndAreNeverEarly()
    {
        TimerQueue queue;
        queue.add(1, 1000, Qt::CoarseTimer, this, 3 * ms);
        queue.add(2, 1000, Qt::CoarseTimer, this, 40 * ms);
        QCOMPARE(*queue.next(), 1050 * ms);
        QVERIFY(queue.take(1050 * ms, 1));
        QVERIFY(queue.take(1050 * ms, 1));
        queue.add(3, 1000, Qt::VeryCoarseTimer, this, 1);
        QCOMPARE(queue.remaining(3, 0), 2000);
    }
    void stoppedOrRestartedByItsOwnHandler()
    {
        TimerQueue queue;
        queue.add(1, 10, Qt::PreciseTimer, this, 0);
        auto due = queue.take(10 * ms, 1);
        QVERIFY(queue.remove(1));
        queue.done(*due, 10 * ms);
        QVERIFY(!queue.next());
        queue.add(1, 10, Qt::PreciseTimer, this, 0);
        due = queue.take(10 * ms, 2);
        queue.add(1, 100, Qt::PreciseTimer, this, 10 * ms); // same id, another timer
        queue.done(*due, 10 * ms);
        QCOMPARE(*queue.next(), 110 * ms);
    }
    void forgetsAllOfAnObject()
    {
        TimerQueue queue;
        QObject other;
        queue.add(1, 10, Qt::PreciseTimer, this, 0);
        queue.add(2, 10, Qt::PreciseTimer, &other, 0);
        QCOMPARE(queue.of(this).size(), 1);
        QVERIFY(queue.removeAll(this));
        QVERIFY(!queue.removeAll(this));
        QCOMPARE(queue.remaining(1, 0), -1);
        QCOMPARE(queue.remaining(2, 0), 10);
        QCOMPARE(queue.remaining(2, 9 * ms + 1), 1);
        QCOMPARE(queue.remaining(2, 11 * ms), 0);
    }
};

QTEST_APPLESS_MAIN(TimerQueueTest)
#include "TimerQueueTest.moc"
