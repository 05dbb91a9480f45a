#include "core/net/ServerTime.h"

#include <QTest>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

class ServerTimeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void unknownUntilLearnt() { QVERIFY(!ServerTime().at(MonoTime{5s})); }
    void runsWithTheMonotoneClock()
    {
        ServerTime time;
        time.learn(1'000'000, MonoTime{50s});
        QCOMPARE(toMillis(*time.at(MonoTime{50s})), 1'000'000);
        QCOMPARE(toMillis(*time.at(MonoTime{60s})), 1'010'000);
    }
    void followsTheServerForward()
    {
        ServerTime time;
        time.learn(1'000'000, MonoTime{50s});
        time.learn(9'000'000, MonoTime{51s});
        QCOMPARE(toMillis(*time.at(MonoTime{52s})), 9'001'000);
    }
    void standsButNeverGoesBack()
    {
        ServerTime time;
        time.learn(1'000'000, MonoTime{50s});
        time.learn(990'000, MonoTime{60s}); // the server's clock was set back by 20 s
        QCOMPARE(toMillis(*time.at(MonoTime{60s})), 1'010'000);
        QCOMPARE(toMillis(*time.at(MonoTime{70s})), 1'010'000);
        QCOMPARE(toMillis(*time.at(MonoTime{81s})), 1'011'000);
    }
};

QTEST_APPLESS_MAIN(ServerTimeTest)
#include "ServerTimeTest.moc"
