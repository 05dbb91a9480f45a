#include "server/limits/ConnectionCounts.h"

#include <QTest>

#include <vector>

using namespace kith;
using namespace kith::server;

class ConnectionCountsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strangersOfAnAddressTakeOnlyItsPlaces()
    {
        ConnectionCounts counts({.all = 100, .ofAddress = 5, .unknownOfAddress = 3});
        std::vector<std::shared_ptr<ConnectionCounts::Ticket>> held;
        for (int i = 0; i < 3; ++i)
            held.push_back(counts.enter("a"));
        QVERIFY(!held.back()->refused());
        QVERIFY(counts.enter("a")->refused());
        QVERIFY(!counts.enter("b")->refused());
        QVERIFY(!counts.enter("")->refused());
        held[0]->signedIn();
        held[0]->signedIn(); // once counts
        held.push_back(counts.enter("a"));
        QVERIFY(!held.back()->refused());
        QVERIFY(counts.enter("a")->refused());
    }
    void anAddressHasSoManyPlacesInAll()
    {
        ConnectionCounts counts({.all = 100, .ofAddress = 5, .unknownOfAddress = 3});
        std::vector<std::shared_ptr<ConnectionCounts::Ticket>> held;
        for (int i = 0; i < 5; ++i) {
            held.push_back(counts.enter("a"));
            held.back()->signedIn();
        }
        QVERIFY(counts.enter("a")->refused());
        held.pop_back();
        QVERIFY(!counts.enter("a")->refused());
    }
    void everybodyTogetherHasSoMany()
    {
        ConnectionCounts counts({.all = 2, .ofAddress = 5, .unknownOfAddress = 5});
        const auto one = counts.enter("a");
        const auto two = counts.enter(""); // exempt by address, not from this
        QVERIFY(counts.enter("b")->refused());
        QVERIFY(counts.enter("")->refused());
    }
    void fewHearThatTheyAreRefused()
    {
        ConnectionCounts counts(
            {.all = 100, .ofAddress = 1, .unknownOfAddress = 1, .refusedAtOnce = 3, .refusedOfAddressAtOnce = 2});
        const auto a = counts.enter("a");
        const auto b = counts.enter("b");
        auto first = counts.enter("a");
        const auto second = counts.enter("a");
        QVERIFY(first->refused() && second->refused());
        QVERIFY(!counts.enter("a"));
        const auto third = counts.enter("b"); // of all three at once
        QVERIFY(third->refused());
        QVERIFY(!counts.enter("b"));
        first.reset();
        QVERIFY(counts.enter("a")->refused());
        QVERIFY2(!counts.enter("c")->refused(), "those who are refused take nobody's place");
    }
    void nothingIsRememberedOfThoseWhoLeft()
    {
        ConnectionCounts counts({.all = 1000, .ofAddress = 2, .unknownOfAddress = 2});
        for (int i = 0; i < 500; ++i) {
            const auto one = counts.enter("address " + std::to_string(i));
            const auto two = counts.enter("address " + std::to_string(i));
            two->signedIn();
            const auto refused = counts.enter("address " + std::to_string(i));
            QCOMPARE(counts.addresses(), 1U);
        }
        QCOMPARE(counts.addresses(), 0U);
    }
};

QTEST_APPLESS_MAIN(ConnectionCountsTest)
#include "ConnectionCountsTest.moc"
