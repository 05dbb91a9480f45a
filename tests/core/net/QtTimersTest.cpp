#include "core/net/QtTimers.h"

#include <QTest>
#include <QThread>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

class QtTimersTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void runsOnceAndNeverInsideTheCall()
    {
        QtTimers timers;
        int runs = 0;
        const auto timer = timers.after(0ms, [&] { ++runs; });
        QCOMPARE(runs, 0);
        QTRY_COMPARE(runs, 1);
        QCoreApplication::processEvents();
        QCOMPARE(runs, 1);
    }
    void aDestroyedTimerDoesNotRun()
    {
        QtTimers timers;
        int cancelled = 0;
        int marker = 0;
        timers.after(0ms, [&] { ++cancelled; }).reset();
        const auto timer = timers.after(20ms, [&] { ++marker; });
        QTRY_COMPARE(marker, 1);
        QCOMPARE(cancelled, 0);
    }
    void workMayReplaceItsOwnTimer()
    {
        QtTimers timers;
        int runs = 0;
        std::unique_ptr<Timer> timer;
        std::function<void()> again = [&] {
            if (++runs < 3)
                timer = timers.after(1ms, again);
        };
        timer = timers.after(1ms, again);
        QTRY_COMPARE(runs, 3);
    }
    void postKeepsOrderAndComesFromAnyThread()
    {
        QtExecutor executor;
        QStringList order;
        executor.post([&] {
            order << QStringLiteral("a");
            QCOMPARE(QThread::currentThread(), thread());
        });
        std::unique_ptr<QThread> other(QThread::create([&] { executor.post([&] { order << QStringLiteral("c"); }); }));
        executor.post([&] { order << QStringLiteral("b"); });
        QVERIFY(order.isEmpty());
        other->start();
        QVERIFY(other->wait());
        QTRY_COMPARE(order.join(QString()), QStringLiteral("abc"));
    }
};

QTEST_GUILESS_MAIN(QtTimersTest)
#include "QtTimersTest.moc"
