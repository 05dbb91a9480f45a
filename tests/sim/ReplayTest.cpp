// A seed is a whole story: what one run shows, every later run of the same seed shows again.

#include "core/base/Log.h"
#include "tests/sim/Scenario.h"

#include <QTest>

#include <set>

using namespace kith::sim;

class ReplayTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { kith::setLogLevel(kith::LogLevel::Error); }

    void aSeedRepeatsExactly()
    {
        std::set<std::uint64_t> traces;
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            Scenario once(seed, false);
            Scenario again(seed, false);
            QVERIFY(!once.run());
            QVERIFY(!again.run());
            QCOMPARE(again.world().steps(), once.world().steps());
            QCOMPARE(again.world().trace(), once.world().trace());
            traces.insert(once.world().trace());
        }
        QCOMPARE(traces.size(), std::size_t{6});
    }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "ReplayTest.moc"
