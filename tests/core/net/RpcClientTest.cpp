#include "core/net/RpcClient.h"

#include "tests/support/base/VirtualTime.h"
#include "tests/support/net/ScriptedServer.h"

#include <QTest>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace
{

using Sync = wire::SyncRequest;
using Synced = wire::SyncResponse;

class Bench
{
public:
    explicit Bench(RpcLimits limits = {})
        : rpc(clock, time,
              RpcOutlets{[this](ByteView frame) { sent.emplace_back(frame); }, [this] { return unsent; },
                         [this](const std::string& words) { broken.push_back(words); }},
              limits)
    {
    }
    void ready()
    {
        rpc.open();
        rpc.allowCalls();
    }
    /// Calls Sync(after) and keeps "after: outcome" when it ends.
    void sync(std::uint64_t after, CallOptions options = {})
    {
        Sync request;
        request.set_after(after);
        rpc.call<Sync, Synced>(
            wire::SYNC, request,
            [this, after](const Result<Synced>& answer) {
                ended.push_back(std::to_string(after) + ": " +
                                (answer.ok() ? std::to_string(answer.value().head()) : answer.error().detail));
                lastRemedy = answer.ok() ? std::nullopt : std::optional(answer.error().remedy);
            },
            options);
    }
    wire::Frame frame(std::size_t index) { return wire::decodeFrame(sent.at(index)).value(); }
    void answer(std::uint64_t id, std::uint64_t head)
    {
        Synced response;
        response.set_head(head);
        rpc.receive(wire::encodeFrame(wire::RESPONSE, wire::SYNC, id, response.SerializeAsString()));
    }

    test::FakeClock clock;
    test::VirtualTime time{clock};
    std::vector<Bytes> sent;
    std::size_t unsent = 0;
    std::vector<std::string> broken;
    std::vector<std::string> ended;
    std::optional<Remedy> lastRemedy;
    RpcClient rpc;
};

const std::string dropped = "the channel broke";

} // namespace

class RpcClientTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersFindTheirCallsInAnyOrder()
    {
        Bench bench;
        bench.ready();
        bench.sync(1);
        bench.sync(2);
        QVERIFY(bench.frame(0).id() < bench.frame(1).id());
        bench.answer(bench.frame(1).id(), 20);
        bench.answer(bench.frame(0).id(), 10);
        QCOMPARE(bench.ended, (std::vector<std::string>{"2: 20", "1: 10"}));
    }
    void withoutAChannelCallsFailLater()
    {
        Bench bench;
        bench.sync(1);
        QVERIFY(bench.ended.empty()); // never inside the call
        bench.time.settle();
        QCOMPARE(bench.ended.size(), 1U);
        QCOMPARE(bench.lastRemedy, std::optional(Remedy::Retry));
        QVERIFY(bench.sent.empty());
    }
    void beforeAuthenticationOnlyUrgentCallsGo()
    {
        Bench bench;
        bench.rpc.open();
        bench.sync(1);
        bench.sync(2, CallOptions{std::nullopt, true});
        bench.time.settle();
        QCOMPARE(bench.sent.size(), 1U);
        QCOMPARE(bench.ended.size(), 1U);
    }
    void aDroppedChannelFailsEverythingOnce()
    {
        Bench bench({.maxInFlight = 1});
        bench.ready();
        bench.sync(1);
        bench.sync(2);
        const std::uint64_t id = bench.frame(0).id();
        bench.rpc.drop(dropped);
        QCOMPARE(bench.ended, (std::vector<std::string>{"1: " + dropped, "2: " + dropped}));
        QCOMPARE(bench.lastRemedy, std::optional(Remedy::Retry));
        bench.ready();
        bench.answer(id, 10);
        QCOMPARE(bench.ended.size(), 2U);
        QCOMPARE(bench.rpc.counters().unknownAnswers, 1U);
    }
    void idsNeverRepeatOverChannels()
    {
        Bench bench;
        bench.ready();
        bench.sync(1);
        bench.rpc.drop(dropped);
        bench.ready();
        bench.sync(2);
        QVERIFY(bench.frame(1).id() > bench.frame(0).id());
    }
    void callsEndAtTheirDeadlineByTheMonotoneClock()
    {
        Bench bench;
        bench.ready();
        bench.sync(1, CallOptions{5s});
        bench.sync(2, CallOptions{std::nullopt}); // as Ack: may be answered late
        QCOMPARE(bench.rpc.nextDeadline(), std::optional(bench.clock.mono() + 5s));
        bench.clock.jumpWall(10h);
        bench.rpc.tick();
        QVERIFY(bench.ended.empty());
        bench.clock.advanceMono(5s);
        bench.rpc.tick();
        QCOMPARE(bench.ended.size(), 1U);
        QCOMPARE(bench.lastRemedy, std::optional(Remedy::Retry));
        bench.clock.advanceMono(10min);
        bench.rpc.tick();
        QCOMPARE(bench.ended.size(), 1U);
        bench.answer(bench.frame(0).id(), 10); // too late: nobody waits
        bench.answer(bench.frame(1).id(), 20);
        QCOMPARE(bench.ended.back(), std::string("2: 20"));
        QCOMPARE(bench.rpc.counters().unknownAnswers, 1U);
        QCOMPARE(bench.rpc.counters().timeouts, 1U);
        QVERIFY(bench.broken.empty());
    }
    void onlySoManyAreInFlightAndTheRestKeepsItsOrder()
    {
        Bench bench({.maxInFlight = 2});
        bench.ready();
        for (std::uint64_t i = 1; i <= 5; ++i)
            bench.sync(i);
        QCOMPARE(bench.sent.size(), 2U);
        QCOMPARE(bench.rpc.queued(), 3U);
        bench.sync(9, CallOptions{std::nullopt, true}); // a heartbeat does not queue
        QCOMPARE(bench.sent.size(), 3U);
        for (std::size_t i = 0; i < 6; ++i)
            bench.answer(bench.frame(i).id(), i);
        QCOMPARE(bench.sent.size(), 6U);
        for (std::size_t i = 3; i < 6; ++i)
            QCOMPARE(wire::parseBody<Sync>(wire::SYNC, bench.frame(i).body()).value().after(), i);
        QCOMPARE(bench.rpc.inFlight(), 0U);
    }
    void aFullQueueRefuses()
    {
        Bench bench({.maxInFlight = 1, .maxQueued = 2});
        bench.ready();
        for (std::uint64_t i = 1; i <= 4; ++i)
            bench.sync(i);
        bench.time.settle();
        QCOMPARE(bench.ended.size(), 1U);
        QVERIFY(bench.ended[0].starts_with("4: too many"));
    }
    void aFullNetworkHoldsCallsBack()
    {
        Bench bench({.maxUnsent = 1000});
        bench.ready();
        bench.unsent = 1000;
        bench.sync(1);
        QVERIFY(bench.sent.empty());
        bench.unsent = 10;
        bench.rpc.pump();
        QCOMPARE(bench.sent.size(), 1U);
    }
    void refusalsKeepTheirMeaning()
    {
        Bench bench;
        bench.ready();
        std::optional<Error> seen;
        bench.rpc.call<Sync, Synced>(wire::SYNC, {}, [&](const Result<Synced>& answer) { seen = answer.error(); });
        Error error = Error::make(wire::WireCode::RateLimited, "slower, please");
        error.retryAfter = 7s;
        bench.rpc.receive(
            wire::encodeFrame(wire::ERROR, wire::SYNC, bench.frame(0).id(), wire::toWire(error).SerializeAsString()));
        QVERIFY(seen && seen->is(wire::WireCode::RateLimited));
        QCOMPARE(seen->detail, std::string("slower, please"));
        QCOMPARE(seen->retryAfter, Millis{7s});
        QCOMPARE(seen->remedy, Remedy::Retry);
    }
    void whatBreaksTheProtocolIsNamed_data()
    {
        QTest::addColumn<QByteArray>("frame");
        const auto add = [](const char* name, const Bytes& frame) {
            QTest::newRow(name) << QByteArray(frame.data(), static_cast<qsizetype>(frame.size()));
        };
        add("garbage", "\xff\xff\xff garbage");
        add("empty", "");
        add("request", wire::encodeFrame(wire::REQUEST, wire::SYNC, 1, ""));
        add("other method", wire::encodeFrame(wire::RESPONSE, wire::HEADS, 1, ""));
        add("unreadable answer", wire::encodeFrame(wire::RESPONSE, wire::SYNC, 1, "\xff\xff"));
        add("unreadable error", wire::encodeFrame(wire::ERROR, wire::SYNC, 1, "\xff\xff"));
        add("unreadable event", wire::encodeFrame(wire::EVENT, wire::MARKS, 0, "\xff\xff"));
    }
    void whatBreaksTheProtocolIsNamed()
    {
        QFETCH(QByteArray, frame);
        Bench bench;
        bench.ready();
        bench.sync(1);
        QCOMPARE(bench.frame(0).id(), 1U);
        bench.rpc.receive(frame.toStdString());
        QCOMPARE(bench.broken.size(), 1U);
        QVERIFY(!bench.broken[0].empty());
        bench.rpc.drop(dropped);
        QCOMPARE(bench.ended.size(), 1U); // exactly once, whichever way it ended
    }
    void eventsAreDispatchedAndUnknownOnesCounted()
    {
        Bench bench;
        QStringList seen;
        ServerEvents events;
        events.entries = [&](const wire::Entries& e) { seen << QStringLiteral("entries %1").arg(e.head()); };
        events.marks = [&](const wire::Marks& m) { seen << QStringLiteral("marks %1").arg(m.marks_rev()); };
        events.keysLow = [&](const wire::KeysLow& k) { seen << QStringLiteral("keys %1").arg(k.one_time_prekeys()); };
        events.ephemeral = [&](const wire::Ephemeral&) { seen << QStringLiteral("ephemeral"); };
        events.resendWanted = [&](const wire::ResendWanted& r) { seen << QStringLiteral("resend %1").arg(r.seq()); };
        bench.rpc.setEvents(events);
        bench.ready();
        wire::Entries entries;
        entries.set_head(3);
        wire::Marks marks;
        marks.set_marks_rev(4);
        wire::KeysLow low;
        low.set_one_time_prekeys(5);
        wire::ResendWanted wanted;
        wanted.set_seq(6);
        bench.rpc.receive(wire::encodeFrame(wire::EVENT, wire::ENTRIES, 0, entries.SerializeAsString()));
        bench.rpc.receive(wire::encodeFrame(wire::EVENT, wire::MARKS, 0, marks.SerializeAsString()));
        bench.rpc.receive(wire::encodeFrame(wire::EVENT, wire::KEYS_LOW, 0, low.SerializeAsString()));
        bench.rpc.receive(wire::encodeFrame(wire::EVENT, wire::EPHEMERAL, 0, ""));
        bench.rpc.receive(wire::encodeFrame(wire::EVENT, wire::RESEND_WANTED, 0, wanted.SerializeAsString()));
        bench.rpc.receive(wire::encodeFrame(wire::EVENT, static_cast<wire::Method>(177), 0, "future"));
        QCOMPARE(seen.join(QLatin1Char(',')), QStringLiteral("entries 3,marks 4,keys 5,ephemeral,resend 6"));
        QCOMPARE(bench.rpc.counters().unknownEvents, 1U);
        QVERIFY(bench.broken.empty());
    }
    void completionsMayCallAgain()
    {
        Bench bench;
        bench.ready();
        bench.rpc.call<Sync, Synced>(wire::SYNC, {}, [&](const Result<Synced>&) { bench.sync(2); });
        bench.answer(1, 0);
        QCOMPARE(bench.sent.size(), 2U);
        bench.rpc.call<Sync, Synced>(wire::SYNC, {}, [&](const Result<Synced>&) { bench.sync(3); });
        bench.rpc.drop(dropped);
        bench.time.settle();
        QCOMPARE(bench.ended.size(), 2U); // 2 with the channel, 3 because there is none
    }
};

QTEST_APPLESS_MAIN(RpcClientTest)
#include "RpcClientTest.moc"
