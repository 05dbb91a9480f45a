#include "server/limits/TokenBuckets.h"

#include "tests/support/base/FakeClock.h"

#include <QTest>

using namespace kith;
using namespace kith::test;
using namespace kith::server;

class TokenBucketsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBucketHoldsItsBurstAndRefills();
    void theWaitIsTheTruth();
    void keysAndKindsAreApart();
    void aLongRestFillsOnceOnly();
    void memoryIsBounded();
    void theClockMayStandStill();
};

void TokenBucketsTest::aBucketHoldsItsBurstAndRefills()
{
    FakeClock clock;
    TokenBuckets buckets(clock);
    for (int i = 0; i < 5; ++i)
        QVERIFY(buckets.take(1, "a", 5, Millis{100}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 5, Millis{100}) > Millis{0});
    clock.advance(Millis{250});
    QVERIFY(buckets.take(1, "a", 5, Millis{100}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 5, Millis{100}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 5, Millis{100}) == Millis{50});
}

void TokenBucketsTest::theWaitIsTheTruth()
{
    FakeClock clock;
    TokenBuckets buckets(clock);
    QVERIFY(buckets.take(1, "a", 1, Millis{1000}) == Millis{0});
    const Millis wait = buckets.take(1, "a", 1, Millis{1000});
    QVERIFY(wait == Millis{1000});
    clock.advance(wait - Millis{1});
    QVERIFY(buckets.take(1, "a", 1, Millis{1000}) == Millis{1});
    clock.advance(Millis{1});
    QVERIFY(buckets.take(1, "a", 1, Millis{1000}) == Millis{0});
}

void TokenBucketsTest::keysAndKindsAreApart()
{
    FakeClock clock;
    TokenBuckets buckets(clock);
    QVERIFY(buckets.take(1, "a", 1, Millis{1000}) == Millis{0});
    QVERIFY(buckets.take(1, "b", 1, Millis{1000}) == Millis{0});
    QVERIFY(buckets.take(2, "a", 1, Millis{1000}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 1, Millis{1000}) > Millis{0});
}

void TokenBucketsTest::aLongRestFillsOnceOnly()
{
    FakeClock clock;
    TokenBuckets buckets(clock);
    QVERIFY(buckets.take(1, "a", 2, Millis{1000}) == Millis{0});
    clock.advance(std::chrono::hours(24 * 365 * 100));
    QVERIFY(buckets.take(1, "a", 2, Millis{1000}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 2, Millis{1000}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 2, Millis{1000}) > Millis{0});
}

void TokenBucketsTest::memoryIsBounded()
{
    FakeClock clock;
    TokenBuckets buckets(clock, 160);
    for (int i = 0; i < 10'000; ++i)
        (void)buckets.take(1, "key" + std::to_string(i), 1, Millis{1000});
    QVERIFY(buckets.size() <= 160);
    // The one in use is not the one forgotten.
    QVERIFY(buckets.take(1, "busy", 1, Millis{1000}) == Millis{0});
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(buckets.take(1, "busy", 1, Millis{1000}) > Millis{0});
        (void)buckets.take(1, "other" + std::to_string(i), 1, Millis{1000});
    }
}

void TokenBucketsTest::theClockMayStandStill()
{
    FakeClock clock;
    TokenBuckets buckets(clock);
    QVERIFY(buckets.take(1, "a", 1, Millis{0}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 2, Millis{10}) == Millis{0});
    clock.advanceMono(Millis{-500});
    QVERIFY(buckets.take(1, "a", 2, Millis{10}) == Millis{0});
    QVERIFY(buckets.take(1, "a", 2, Millis{10}) == Millis{10});
}

QTEST_GUILESS_MAIN(TokenBucketsTest)
#include "TokenBucketsTest.moc"
