// The machine's promises in time: when a state is entered, left, tried again.
#include "core/net/ConnectionMachine.h"
#include "tests/support/base/FakeClock.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

#include <limits>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace
{

using Kind = ConnectionEventKind;
using Phase = ConnectionPhase;

/// Feeds events and lets time pass, ticking exactly when the machine asked for it.
class Driver
{
public:
    explicit Driver(std::uint64_t seed = 1) : random(seed) {}

    void at(ConnectionEvent next)
    {
        next.now = clock.mono();
        next.wall = clock.wall();
        ConnectionStep step = nextStep(model, next, random);
        model = std::move(step.model);
        for (const ConnectionAction action : step.actions) {
            done.push_back(action);
            if (action == ConnectionAction::Open)
                opensAt.push_back(clock.mono());
        }
    }
    void at(Kind kind)
    {
        ConnectionEvent next;
        next.kind = kind;
        next.minor = next.oldestMinor = 1;
        at(next);
    }
    void fails(TransportFailure kind)
    {
        ConnectionEvent next;
        next.kind = Kind::Failed;
        next.error.kind = kind;
        at(next);
    }
    void goodbye(GoodbyeReason reason, Millis retryAfter)
    {
        ConnectionEvent next;
        next.kind = Kind::Goodbye;
        next.reason = reason;
        next.retryAfter = retryAfter;
        at(next);
    }
    void pass(Millis by)
    {
        const MonoTime end = clock.mono() + by;
        while (model.wakeAt && *model.wakeAt <= end) {
            clock.advance(std::max(*model.wakeAt - clock.mono(), Millis{0}));
            at(Kind::Tick);
        }
        if (clock.mono() < end)
            clock.advance(end - clock.mono());
    }
    void goOnline()
    {
        at(Kind::Start);
        answer();
    }
    /// A try under way succeeds whole.
    void answer()
    {
        for (const Kind kind : {Kind::Opened, Kind::HelloAnswered, Kind::Authenticated, Kind::CaughtUp})
            at(kind);
    }
    /// Fails every try for a while, so that the back-off has risen.
    void struggle(int seconds)
    {
        at(Kind::Start);
        for (int i = 0; i < seconds; ++i) {
            fails(TransportFailure::Refused);
            pass(1s);
        }
    }
    [[nodiscard]] ConnectionState state() const { return factOf(model).state; }
    [[nodiscard]] std::size_t count(ConnectionAction action) const
    {
        return static_cast<std::size_t>(std::count(done.begin(), done.end(), action));
    }

    test::FakeClock clock;
    test::SeededRandom random;
    ConnectionModel model;
    std::vector<ConnectionAction> done;
    std::vector<MonoTime> opensAt;
};

} // namespace

class ConnectionTimesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSilentServerIsPingedAndThenFoundDeaf()
    {
        Driver driver;
        driver.goOnline();
        driver.pass(24'999ms);
        QCOMPARE(driver.count(ConnectionAction::Ping), 0U);
        driver.pass(1ms);
        QCOMPARE(driver.count(ConnectionAction::Ping), 1U);
        driver.pass(4'999ms);
        QCOMPARE(driver.state(), ConnectionState::Online);
        driver.pass(1ms);
        QCOMPARE(driver.state(), ConnectionState::Unreachable);
        QCOMPARE(driver.count(ConnectionAction::CloseDeaf), 1U);
        QCOMPARE(driver.model.phase, Phase::Opening); // and is tried again at once
    }

    void aQuietButHealthyConnectionStays()
    {
        Driver driver;
        driver.goOnline();
        for (int i = 0; i < 100; ++i) {
            const std::size_t before = driver.count(ConnectionAction::Ping);
            driver.pass(25s);
            QCOMPARE(driver.count(ConnectionAction::Ping), before + 1);
            driver.at(Kind::PingAnswered);
        }
        QCOMPARE(driver.state(), ConnectionState::Online);
        QCOMPARE(driver.opensAt.size(), 1U);
    }

    void whoOnlyListensStillSpeaks()
    {
        Driver driver;
        driver.goOnline();
        for (int i = 0; i < 60; ++i) {
            driver.pass(1s);
            driver.at(Kind::Heard);
        }
        // The server gives up a device that says nothing for 30 s.
        QCOMPARE(driver.count(ConnectionAction::Ping), 2U);
    }

    void aServerThatDoesNotAnswerIsShownWithinFiveSeconds()
    {
        for (const Phase phase : {Phase::Opening, Phase::Greeting, Phase::Authenticating}) {
            Driver driver;
            driver.at(Kind::Start);
            if (phase != Phase::Opening)
                driver.at(Kind::Opened);
            if (phase == Phase::Authenticating)
                driver.at(Kind::HelloAnswered);
            driver.pass(5s);
            QCOMPARE(driver.state(), ConnectionState::Unreachable);
            QCOMPARE(driver.model.phase, phase); // a slow network may still make it
            QCOMPARE(driver.opensAt.size(), 1U);
            driver.pass(12s);
            QCOMPARE(driver.opensAt.size(), 2U);
        }
    }

    void theFirstMinuteTriesAtMostEveryOneAndAHalfSeconds()
    {
        for (std::uint64_t seed = 1; seed <= 30; ++seed) {
            Driver driver(seed);
            driver.at(Kind::Start);
            const MonoTime begin = driver.clock.mono();
            while (driver.clock.mono() - begin < 58s) {
                driver.fails(TransportFailure::Refused);
                const std::size_t tries = driver.opensAt.size();
                driver.pass(1'500ms);
                QVERIFY(driver.opensAt.size() > tries);
            }
        }
    }

    void laterTriesAreRareButBounded()
    {
        Driver driver(5);
        driver.at(Kind::Start);
        const MonoTime begin = driver.clock.mono();
        while (driver.clock.mono() - begin < 2h) {
            if (driver.model.phase == Phase::Opening)
                driver.fails(TransportFailure::Refused);
            driver.pass(100ms);
        }
        std::int64_t late = 0;
        for (std::size_t i = 1; i < driver.opensAt.size(); ++i) {
            QVERIFY(driver.opensAt[i] - driver.opensAt[i - 1] <= 60s + 200ms);
            late += driver.opensAt[i] - begin > 10min ? 1 : 0;
        }
        QVERIFY2(late < 110min / 15s, "tries do not become rare");
        QVERIFY2(late > 110min / 60s, "tries stop");
    }

    void aServerThatAcceptsAndDropsIsNotHammered()
    {
        Driver driver(3);
        driver.at(Kind::Start);
        const MonoTime begin = driver.clock.mono();
        while (driver.clock.mono() - begin < 20min) {
            if (driver.model.phase == Phase::Opening) {
                driver.answer();
                driver.at(Kind::Closed);
            }
            driver.pass(100ms);
        }
        const auto late = std::count_if(driver.opensAt.begin(), driver.opensAt.end(),
                                        [&](MonoTime at) { return at - begin > 10min; });
        QVERIFY2(late < 60, "the back-off was reset by a connection that did not last");
    }

    void aConnectionThatLastedIsMadeAnewQuickly()
    {
        Driver driver(4);
        driver.struggle(400);
        driver.at(Kind::LookedAt);
        driver.answer();
        for (int i = 0; i < 10; ++i) {
            driver.pass(20s);
            driver.at(Kind::PingAnswered);
        }
        driver.at(Kind::Closed);
        const std::size_t tries = driver.opensAt.size();
        driver.pass(1'500ms);
        QCOMPARE(driver.opensAt.size(), tries + 1);
    }

    void sixtySecondsOfSigstopEndInAProbeAndThenANewConnection()
    {
        Driver driver;
        driver.goOnline();
        driver.pass(3s);
        driver.clock.advance(60s);
        const MonoTime continued = driver.clock.mono();
        // What lay in the kernel's buffer meanwhile comes first, and proves nothing.
        driver.at(Kind::Heard);
        QCOMPARE(driver.count(ConnectionAction::Ping), 1U);
        QCOMPARE(driver.state(), ConnectionState::Online);
        driver.pass(2s);
        QCOMPARE(driver.model.phase, Phase::Opening);
        driver.answer();
        QCOMPARE(driver.state(), ConnectionState::Online);
        QVERIFY(driver.clock.mono() - continued <= 5s);
        QCOMPARE(driver.opensAt.size(), 2U);
    }

    void aChannelThatSurvivedASleepIsKept()
    {
        Driver driver;
        driver.goOnline();
        driver.clock.advance(60s);
        driver.at(Kind::Tick);
        driver.pass(500ms);
        driver.at(Kind::PingAnswered);
        driver.pass(20s);
        QCOMPARE(driver.state(), ConnectionState::Online);
        QCOMPARE(driver.opensAt.size(), 1U);
    }

    void aSleepDuringAHandshakeStartsItAnew()
    {
        Driver driver;
        driver.at(Kind::Start);
        driver.clock.advance(60s);
        driver.at(Kind::Opened); // of the channel before the sleep
        QCOMPARE(driver.model.phase, Phase::Opening);
        QCOMPARE(driver.opensAt.size(), 2U);
        QCOMPARE(driver.count(ConnectionAction::Hello), 0U);
    }

    void aJumpOfTheWallClockIsProbedWhicheverWay()
    {
        for (const Millis jump : {Millis{10min}, Millis{-24h}}) {
            Driver driver;
            driver.goOnline();
            driver.pass(1s);
            driver.clock.jumpWall(jump);
            driver.pass(ConnectionTimes::clockWatch); // the clocks are compared at least this often
            QCOMPARE(driver.count(ConnectionAction::Ping), 1U);
            driver.at(Kind::PingAnswered);
            driver.pass(25s);
            driver.at(Kind::PingAnswered);
            QCOMPARE(driver.opensAt.size(), 1U);
        }
    }

    void aJumpWhileWaitingIsAWakeUp()
    {
        Driver driver(9);
        driver.struggle(600);
        driver.fails(TransportFailure::Refused);
        while (driver.model.phase != Phase::Waiting || driver.model.retryAt - driver.clock.mono() < 10s) {
            driver.pass(100ms);
            driver.fails(TransportFailure::Refused);
        }
        const std::size_t tries = driver.opensAt.size();
        driver.clock.jumpWall(8h);
        driver.pass(5s);
        QCOMPARE(driver.opensAt.size(), tries + 1);
    }

    void restartingKeepsItsWordForAWhile()
    {
        Driver driver(2);
        driver.goOnline();
        driver.goodbye(GoodbyeReason::Restarting, 3s);
        QCOMPARE(driver.state(), ConnectionState::Restarting);
        driver.pass(2'999ms);
        driver.at(Kind::LookedAt); // not even a look comes before what the server asked for
        QCOMPARE(driver.opensAt.size(), 1U);
        driver.pass(1ms);
        QCOMPARE(driver.opensAt.size(), 2U);
        driver.fails(TransportFailure::Refused);
        QCOMPARE(driver.state(), ConnectionState::Restarting);
        const MonoTime announced = driver.clock.mono();
        while (driver.state() == ConnectionState::Restarting) {
            driver.pass(100ms);
            if (driver.model.phase == Phase::Opening)
                driver.fails(TransportFailure::Refused);
        }
        QCOMPARE(driver.state(), ConnectionState::Unreachable);
        QVERIFY(driver.clock.mono() - announced <= 8s);
    }

    void aHostileRetryTimeIsCapped()
    {
        Driver driver(2);
        driver.goOnline();
        driver.goodbye(GoodbyeReason::Restarting, Millis{std::numeric_limits<std::uint32_t>::max()});
        driver.pass(5min + 2s);
        QCOMPARE(driver.opensAt.size(), 2U);
    }

    void aReplacedConnectionDoesNotFightBack()
    {
        Driver driver(6);
        driver.goOnline();
        driver.goodbye(GoodbyeReason::Replaced, 0ms);
        driver.pass(59s);
        QCOMPARE(driver.opensAt.size(), 1U);
        driver.at(Kind::LookedAt);
        QCOMPARE(driver.opensAt.size(), 2U);
    }

    void noNetworkIsShownWithinFiveSecondsAndLeftAtOnce()
    {
        Driver driver(7);
        driver.goOnline();
        driver.at(Kind::NetworkDown);
        driver.pass(2s);
        QCOMPARE(driver.state(), ConnectionState::Offline);
        driver.fails(TransportFailure::Timeout);
        QCOMPARE(driver.state(), ConnectionState::Offline);
        driver.pass(40s);
        driver.at(Kind::NetworkUp);
        QCOMPARE(driver.state(), ConnectionState::Connecting);
        QCOMPARE(driver.model.phase, Phase::Opening);
    }

    void aWrongHintOfNoNetworkChangesNothing()
    {
        Driver driver;
        driver.goOnline();
        driver.at(Kind::NetworkDown);
        driver.at(Kind::PingAnswered);
        driver.pass(10s);
        QCOMPARE(driver.state(), ConnectionState::Online);
        QCOMPARE(driver.opensAt.size(), 1U);
    }

    void looksProbeASilentChannelOnce()
    {
        Driver driver;
        driver.goOnline();
        driver.at(Kind::LookedAt);
        QCOMPARE(driver.count(ConnectionAction::Ping), 0U);
        driver.pass(6s);
        driver.at(Kind::LookedAt);
        driver.at(Kind::LookedAt);
        QCOMPARE(driver.count(ConnectionAction::Ping), 1U);
    }

    void nothingTicksWhereNothingIsWanted()
    {
        Driver driver;
        QVERIFY(!driver.model.wakeAt);
        driver.goOnline();
        QVERIFY(driver.model.wakeAt);
        driver.at(Kind::Stop);
        QVERIFY(!driver.model.wakeAt);
    }
};

QTEST_APPLESS_MAIN(ConnectionTimesTest)
#include "ConnectionTimesTest.moc"
