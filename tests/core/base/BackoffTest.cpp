#include "core/base/Backoff.h"

#include "tests/support/base/FakeClock.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

using namespace kith;
using namespace std::chrono_literals;

class BackoffTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firstMinuteStaysUnderItsCeiling()
    {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            test::FakeClock clock;
            test::SeededRandom random(seed);
            Backoff backoff;
            const MonoTime start = clock.mono();
            while (clock.mono() - start < 58s) {
                const Millis wait = backoff.next(clock.mono(), random);
                QVERIFY(wait >= 0ms && wait <= Backoff::eagerCeiling);
                clock.advance(wait + 1ms);
            }
        }
    }
    void laterTriesRiseToAMinuteAndNoFurther()
    {
        test::FakeClock clock;
        test::SeededRandom random(7);
        Backoff backoff;
        (void)backoff.next(clock.mono(), random);
        clock.advance(Backoff::eagerPeriod);
        Millis longest{0};
        for (int i = 0; i < 500; ++i) {
            const Millis wait = backoff.next(clock.mono(), random);
            QVERIFY(wait <= Backoff::longest);
            longest = std::max(longest, wait);
            clock.advance(wait);
        }
        QVERIFY2(longest > 30s, "full jitter up to 60 s was expected");
    }
    void theServersFloorHoldsForOneTry()
    {
        test::FakeClock clock;
        test::SeededRandom random(3);
        Backoff backoff;
        backoff.atLeast(5s);
        QVERIFY(backoff.next(clock.mono(), random) >= 5s);
        QVERIFY(backoff.next(clock.mono(), random) <= Backoff::eagerCeiling);
    }
    void resetStartsTheMinuteAgain()
    {
        test::FakeClock clock;
        test::SeededRandom random(5);
        Backoff backoff;
        (void)backoff.next(clock.mono(), random);
        clock.advance(10min);
        for (int i = 0; i < 10; ++i)
            (void)backoff.next(clock.mono(), random);
        backoff.reset();
        for (int i = 0; i < 10; ++i)
            QVERIFY(backoff.next(clock.mono(), random) <= Backoff::eagerCeiling);
    }
    void twoClientsDoNotMoveInStep()
    {
        test::FakeClock clock;
        test::SeededRandom one(1);
        test::SeededRandom two(2);
        Backoff first;
        Backoff second;
        int equal = 0;
        for (int i = 0; i < 20; ++i)
            equal += first.next(clock.mono(), one) == second.next(clock.mono(), two) ? 1 : 0;
        QVERIFY(equal < 3);
    }
};

QTEST_APPLESS_MAIN(BackoffTest)
#include "BackoffTest.moc"
