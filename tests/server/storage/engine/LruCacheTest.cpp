#include "server/storage/engine/LruCache.h"

#include <QTest>

using kith::server::LruCache;

class LruCacheTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theLeastRecentGoesFirst()
    {
        LruCache<int, int> cache;
        for (int i = 0; i < 4; ++i)
            cache.insert(i, i * 10);
        QCOMPARE(*cache.find(0), 0); // 0 is recent now, 1 the oldest.
        cache.shrink(3 * LruCache<int, int>::entryCost);
        QVERIFY(!cache.find(1));
        QVERIFY(cache.find(0) && cache.find(2) && cache.find(3));
        cache.insert(2, 21);
        QCOMPARE(*cache.peek(2), 21);
        QCOMPARE(cache.size(), std::size_t{3});
        cache.erase(2);
        QVERIFY(!cache.peek(2));
    }
    void whatValuesOwnCounts()
    {
        using Cache = LruCache<int, std::vector<char>>;
        const auto owned = [](const std::vector<char>& value) { return value.size(); };
        Cache cache;
        for (int i = 0; i < 3; ++i) {
            cache.insert(i, std::vector<char>(1000));
            cache.charge(1000);
        }
        cache.shrink(3 * Cache::entryCost + 2500, owned);
        QCOMPARE(cache.size(), std::size_t{2});
        cache.shrink(0, owned);
        QCOMPARE(cache.size(), std::size_t{0});
        cache.insert(1, {});
        cache.shrink(Cache::entryCost, owned); // Nothing is charged for what went.
        QCOMPARE(cache.size(), std::size_t{1});
    }
    void referencesStayUntilShrink()
    {
        LruCache<int, int> cache;
        int& first = cache.insert(1, 7);
        for (int i = 2; i < 1000; ++i)
            cache.insert(i, i);
        first = 8;
        QCOMPARE(*cache.find(1), 8);
    }
};

QTEST_APPLESS_MAIN(LruCacheTest)
#include "LruCacheTest.moc"
