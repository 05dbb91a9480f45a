#include "server/ClockWatch.h"

#include "tests/support/base/FakeClock.h"

#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::test;
using namespace std::chrono_literals;
using Verdict = ClockWatch::Verdict;

namespace
{

constexpr Millis longest = 24h * 60;

} // namespace

class ClockWatchTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPlausibleStartIsTrusted()
    {
        const FakeClock clock;
        for (const Millis away : {Millis{0}, Millis{23h}, Millis{-23h}}) {
            ClockWatch watch(clock, clock.wall() - away, longest);
            QCOMPARE(watch.observe(), Verdict::Trusted);
        }
        ClockWatch fresh(clock, std::nullopt, longest);
        QCOMPARE(fresh.observe(), Verdict::Trusted);
    }
    void whatNoPauseExplainsIsRefusedInWords()
    {
        const FakeClock clock;
        const WallTime now = clock.wall();
        QVERIFY(ClockWatch::check(now, std::nullopt, longest).ok());
        QVERIFY(ClockWatch::check(now, now - 59 * 24h, longest).ok());
        QVERIFY(ClockWatch::check(now, now + 23h, longest).ok());
        const auto ahead = ClockWatch::check(now, now - 61 * 24h, longest);
        const auto behind = ClockWatch::check(now, now + 25h, longest);
        QVERIFY(!ahead.ok() && ahead.error().is(ClockError::Ahead));
        QVERIFY(!behind.ok() && behind.error().is(ClockError::Behind));
        for (const auto& refused : {ahead, behind}) {
            QVERIFY(refused.error().detail.find("2026-01-01T00:00:00Z") != std::string::npos);
            QVERIFY(refused.error().detail.find("--accept-clock") != std::string::npos);
        }
    }
    void aClockThatIsAheadIsTrustedOnlyAfterALongSteadyRun()
    {
        FakeClock clock;
        const WallTime seen = clock.wall() - 40 * 24h;
        ClockWatch watch(clock, seen, longest);
        QCOMPARE(watch.observe(), Verdict::Suspected);
        for (int hour = 1; hour < 7 * 24; ++hour) {
            clock.advance(1h);
            QCOMPARE(watch.observe(), Verdict::Suspected);
            QCOMPARE(watch.seen(), seen); // the next start suspects it again
        }
        clock.advance(1h);
        QCOMPARE(watch.observe(), Verdict::Trusted);
        QCOMPARE(watch.seen(), clock.wall());
    }
    void aJumpWhileItRunsBeginsTheWaitAnew()
    {
        FakeClock clock;
        ClockWatch watch(clock, clock.wall(), longest);
        QCOMPARE(watch.observe(), Verdict::Trusted);
        clock.jumpWall(3 * 24h);
        QCOMPARE(watch.observe(), Verdict::Suspected);
        clock.advance(6 * 24h);
        QCOMPARE(watch.observe(), Verdict::Suspected);
        clock.jumpWall(2h);
        QCOMPARE(watch.observe(), Verdict::Suspected);
        clock.advance(6 * 24h);
        QCOMPARE(watch.observe(), Verdict::Suspected);
        clock.advance(24h);
        QCOMPARE(watch.observe(), Verdict::Trusted);
    }
    void aClockThatIsSetRightIsTrustedAtOnce()
    {
        FakeClock clock;
        ClockWatch watch(clock, clock.wall(), longest);
        clock.jumpWall(3 * 24h);
        QCOMPARE(watch.observe(), Verdict::Suspected);
        clock.jumpWall(-3 * 24h);
        clock.advance(1h);
        QCOMPARE(watch.observe(), Verdict::Trusted);
        QCOMPARE(watch.seen(), clock.wall());
    }
    void yearsAheadWhileItRunsIsRefused()
    {
        FakeClock clock;
        ClockWatch watch(clock, clock.wall(), longest);
        const WallTime seen = watch.seen();
        clock.jumpWall(365 * 24h);
        QCOMPARE(watch.observe(), Verdict::Refused);
        QCOMPARE(watch.seen(), seen);
    }
    void yearsBackIsNotWhatTheNextStartComparesWith()
    {
        FakeClock clock;
        ClockWatch watch(clock, clock.wall(), longest);
        const WallTime seen = watch.seen();
        clock.jumpWall(-365 * 24h);
        QCOMPARE(watch.observe(), Verdict::Trusted); // what is old then is older than old
        QCOMPARE(watch.seen(), seen);
        clock.jumpWall(365 * 24h);
        QCOMPARE(watch.observe(), Verdict::Trusted);
    }
    void sleepOfANightIsNoJump()
    {
        FakeClock clock;
        ClockWatch watch(clock, clock.wall(), longest);
        for (int night = 0; night < 30; ++night) {
            clock.jumpWall(10h);
            clock.advance(14h);
            QCOMPARE(watch.observe(), Verdict::Trusted);
        }
    }
};

QTEST_APPLESS_MAIN(ClockWatchTest)
#include "ClockWatchTest.moc"
