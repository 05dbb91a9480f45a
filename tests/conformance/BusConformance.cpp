#include "tests/conformance/BusConformance.h"

#include <QTest>

namespace kith::test
{

using namespace server;

namespace
{

GatewayId gateway(char name)
{
    return *GatewayId::fromBytes(Bytes(GatewayId::size, name));
}

/// An event that can be told from others by its number.
std::shared_ptr<const BusEvent> hintTo(std::uint64_t number)
{
    Hint hint;
    hint.to = Seq{number};
    return std::make_shared<const BusEvent>(BusEvent{{}, hint});
}

std::uint64_t numberOf(const BusMessage& message)
{
    return std::get<Hint>(message.event->what).to.value();
}

struct Inbox {
    std::vector<BusMessage> messages;
    [[nodiscard]] Bus::Receiver receiver()
    {
        return [this](const BusMessage& message) { messages.push_back(message); };
    }
};

} // namespace

void BusConformance::messagesArriveInOrderAndNumberedFromOne()
{
    Inbox inbox;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), inbox.receiver());
    for (std::uint64_t i = 1; i <= 100; ++i)
        fixture_.bus().publish(gateway('a'), hintTo(i));
    fixture_.pump();
    QCOMPARE(inbox.messages.size(), std::size_t{100});
    for (std::uint64_t i = 1; i <= 100; ++i) {
        QCOMPARE(inbox.messages[i - 1].number, i);
        QCOMPARE(numberOf(inbox.messages[i - 1]), i);
        QVERIFY(!inbox.messages[i - 1].node.isNull() && inbox.messages[i - 1].node == inbox.messages[0].node);
    }
}

void BusConformance::nothingRunsInsideTheCall()
{
    Inbox inbox;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), inbox.receiver());
    fixture_.bus().publish(gateway('a'), hintTo(1));
    QVERIFY(inbox.messages.empty());
    fixture_.pump();
    QCOMPARE(inbox.messages.size(), std::size_t{1});
}

void BusConformance::eachGatewayIsNumberedApart()
{
    Inbox a;
    Inbox b;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), a.receiver());
    fixture_.bus().subscribe(gateway('b'), fixture_.executor(), b.receiver());
    fixture_.bus().publish(gateway('a'), hintTo(1));
    fixture_.bus().publish(gateway('a'), hintTo(2));
    fixture_.bus().publish(gateway('b'), hintTo(3));
    fixture_.pump();
    QCOMPARE(a.messages.size(), std::size_t{2});
    QCOMPARE(b.messages.size(), std::size_t{1});
    QCOMPARE(b.messages[0].number, std::uint64_t{1});
}

void BusConformance::aLossShowsAsAGap()
{
    Inbox inbox;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), inbox.receiver());
    fixture_.bus().publish(gateway('a'), hintTo(1));
    fixture_.pump();
    fixture_.loseNext(gateway('a'));
    fixture_.bus().publish(gateway('a'), hintTo(2));
    fixture_.pump();
    const std::uint64_t before = inbox.messages.back().number;
    fixture_.bus().publish(gateway('a'), hintTo(3));
    fixture_.pump();
    QCOMPARE(numberOf(inbox.messages.back()), std::uint64_t{3});
    QVERIFY2(inbox.messages.back().number > before + 1, "the lost one has used its number");
}

void BusConformance::nobodySubscribedIsNobodyTold()
{
    fixture_.bus().publish(gateway('x'), hintTo(1));
    fixture_.bus().unsubscribe(gateway('x'));
    Inbox inbox;
    fixture_.bus().subscribe(gateway('x'), fixture_.executor(), inbox.receiver());
    fixture_.pump();
    QVERIFY(inbox.messages.empty());
}

void BusConformance::unsubscribedIsSilentAtOnce()
{
    Inbox inbox;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), inbox.receiver());
    fixture_.bus().publish(gateway('a'), hintTo(1));
    fixture_.bus().unsubscribe(gateway('a'));
    fixture_.pump();
    QVERIFY2(inbox.messages.empty(), "what was on its way is not delivered either");
}

void BusConformance::subscribingAgainStartsOver()
{
    Inbox first;
    Inbox second;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), first.receiver());
    fixture_.bus().publish(gateway('a'), hintTo(1));
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), second.receiver());
    fixture_.bus().publish(gateway('a'), hintTo(2));
    fixture_.pump();
    QVERIFY(first.messages.empty());
    QCOMPARE(second.messages.size(), std::size_t{1});
    QCOMPARE(second.messages[0].number, std::uint64_t{1});
}

void BusConformance::aReceiverMayPublish()
{
    std::vector<std::uint64_t> seen;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), [&](const BusMessage& message) {
        seen.push_back(numberOf(message));
        if (seen.size() < 5)
            fixture_.bus().publish(gateway('a'), hintTo(seen.size() + 1));
    });
    fixture_.bus().publish(gateway('a'), hintTo(1));
    fixture_.pump();
    QCOMPARE(seen, (std::vector<std::uint64_t>{1, 2, 3, 4, 5}));
}

void BusConformance::everyKindOfEventPasses()
{
    Inbox inbox;
    fixture_.bus().subscribe(gateway('a'), fixture_.executor(), inbox.receiver());
    const UserId user = *UserId::fromBytes(Bytes(16, 'u'));
    const std::vector<decltype(BusEvent::what)> kinds{Hint{},          MarksMoved{}, TypingSeen{},  PresenceSeen{},
                                                      DeviceRevoked{}, KeysRunLow{}, ResendWanted{}};
    for (const auto& kind : kinds)
        fixture_.bus().publish(gateway('a'), std::make_shared<const BusEvent>(BusEvent{{user}, kind}));
    fixture_.pump();
    QCOMPARE(inbox.messages.size(), kinds.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        QCOMPARE(inbox.messages[i].event->what.index(), kinds[i].index());
        QVERIFY(inbox.messages[i].event->users == std::vector<UserId>{user});
    }
}

} // namespace kith::test
