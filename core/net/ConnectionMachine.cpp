#include "core/net/ConnectionMachine.h"

#include "core/protocol/wire/Limits.h"

#include <algorithm>
#include <array>

namespace kith::net
{

static_assert(ConnectionTimes::heartbeat.count() == wire::heartbeatMs);
static_assert(ConnectionTimes::deafAfter.count() == wire::deafAfterMs);

namespace
{

using Phase = ConnectionPhase;
using Trouble = ConnectionTrouble;
using Kind = ConnectionEventKind;
using Action = ConnectionAction;
using Times = ConnectionTimes;

bool ofChannel(Kind kind)
{
    constexpr std::array ours{Kind::Start,    Kind::Stop, Kind::NetworkUp, Kind::NetworkDown,
                              Kind::LookedAt, Kind::Woke, Kind::Tick};
    return std::find(ours.begin(), ours.end(), kind) == ours.end();
}

/// One step under way: the next model grows out of the old one.
class Transition
{
public:
    Transition(const ConnectionModel& model, const ConnectionEvent& event, Random& random)
        : m_(model), e_(event), random_(random)
    {
    }

    ConnectionStep run()
    {
        if (!noticeSleep())
            react();
        m_.lastNow = e_.now;
        m_.lastWall = e_.wall;
        m_.wakeAt = nextWake(m_, e_.now);
        return {std::move(m_), std::move(actions_)};
    }

private:
    [[nodiscard]] bool trying() const { return m_.trying(); }
    [[nodiscard]] bool live() const { return m_.live(); }
    void act(Action action) { actions_.push_back(action); }

    void react()
    {
        switch (e_.kind) {
        case Kind::Start:
            return m_.phase == Phase::Stopped || m_.phase == Phase::Halted ? start() : void();
        case Kind::Stop:
            return stop();
        case Kind::Opened:
            if (m_.phase == Phase::Opening) {
                m_.phase = Phase::Greeting;
                act(Action::Hello);
            }
            return;
        case Kind::Closed:
            return broke(Trouble::Unreachable, "The server closed the connection" + because());
        case Kind::Failed:
            return failed();
        case Kind::HelloAnswered:
            return greeted();
        case Kind::HandshakeFailed:
            if (m_.phase == Phase::Greeting || m_.phase == Phase::Authenticating || live())
                rest(Trouble::Unreachable, "The server cannot take this device now" + because(), asked());
            return;
        case Kind::Authenticated:
            return m_.phase == Phase::Authenticating ? goLive(Phase::CatchingUp) : void();
        case Kind::Denied:
            if (m_.phase == Phase::Authenticating || live())
                halt("The server refuses this device" + because());
            return;
        case Kind::CaughtUp:
            if (m_.phase == Phase::CatchingUp)
                m_.phase = Phase::Online;
            return;
        case Kind::Goodbye:
            if (trying() || live())
                goodbye();
            return;
        case Kind::Heard:
            return heard();
        case Kind::PingAnswered:
            heard();
            m_.probeUntil.reset();
            return;
        case Kind::Spoke:
            m_.lastSpoke = e_.now;
            return;
        case Kind::NetworkUp:
            m_.networkDown = false;
            if (m_.trouble == Trouble::NoNetwork)
                clearTrouble();
            return doubtEverything();
        case Kind::NetworkDown:
            return networkDown();
        case Kind::LookedAt:
            if (m_.phase == Phase::Waiting)
                retryNow();
            else if (live() && !m_.probeUntil && e_.now - m_.lastHeard >= Times::looseSilence)
                probe();
            return;
        case Kind::Woke:
            return doubtEverything();
        case Kind::ProtocolBroken:
            if (trying() || live())
                rest(Trouble::Unreachable, "The server sent what cannot be understood" + because(), Millis{0},
                     Action::CloseProtocol);
            return;
        case Kind::Tick:
            return tick();
        }
    }

    [[nodiscard]] std::string because() const { return e_.words.empty() ? std::string() : ": " + e_.words; }
    [[nodiscard]] Millis asked() const { return std::clamp(e_.retryAfter, Millis{0}, Times::longestAsk); }

    void clearTrouble()
    {
        m_.trouble = Trouble::None;
        m_.words.clear();
        m_.pinnedKey.clear();
        m_.presentedKey.clear();
    }

    void setTrouble(Trouble trouble, std::string words)
    {
        clearTrouble();
        const bool explained = m_.networkDown && (trouble == Trouble::None || trouble == Trouble::Unreachable);
        m_.trouble = explained ? Trouble::NoNetwork : trouble;
        m_.words = std::move(words);
    }

    void start()
    {
        m_.backoff.reset();
        m_.notBefore = e_.now;
        clearTrouble();
        beginTry();
    }

    void stop()
    {
        if (trying() || live())
            act(Action::CloseNormal);
        clearTrouble();
        m_.phase = Phase::Stopped;
    }

    void halt(std::string words)
    {
        act(Action::CloseNormal);
        clearTrouble();
        m_.words = std::move(words);
        m_.phase = Phase::Halted;
    }

    void beginTry()
    {
        m_.phase = Phase::Opening;
        m_.tryBegan = e_.now;
        m_.probeUntil.reset();
        act(Action::Open);
    }

    void goLive(Phase phase)
    {
        m_.phase = phase;
        m_.authenticatedAt = m_.lastHeard = m_.lastSpoke = m_.lastPing = e_.now;
        m_.probeUntil.reset();
        clearTrouble();
        act(Action::Use);
    }

    /// A connection that lasted starts the eager minute over; one that breaks at once does not.
    void settleBackoff()
    {
        if (live() && e_.now - m_.authenticatedAt >= Times::stableAfter)
            m_.backoff.reset();
    }

    /// Gives the channel up and waits: `floor` at least, and the jitter of the back-off.
    void rest(Trouble trouble, std::string words, Millis floor, Action close = Action::CloseNormal)
    {
        settleBackoff();
        act(close);
        setTrouble(trouble, std::move(words));
        m_.phase = Phase::Waiting;
        m_.probeUntil.reset();
        m_.backoff.atLeast(floor);
        m_.retryAt = e_.now + m_.backoff.next(e_.now, random_);
        m_.notBefore = e_.now + asked();
    }

    /// Gives the channel up and tries again at once: the fault lies in this one channel.
    void reopen(Action close)
    {
        settleBackoff();
        act(close);
        beginTry();
    }

    void retryNow()
    {
        m_.backoff.reset();
        if (e_.now >= m_.notBefore)
            return beginTry();
        m_.retryAt = std::min(m_.retryAt, m_.notBefore);
    }

    void probe()
    {
        m_.probeUntil = e_.now + Times::probe;
        ping();
    }

    void ping()
    {
        m_.lastPing = m_.lastSpoke = e_.now;
        act(Action::Ping);
    }

    /// Whatever was under way may have died unnoticed.
    void doubtEverything()
    {
        if (m_.phase == Phase::Waiting)
            retryNow();
        else if (trying())
            reopen(Action::CloseNormal);
        else if (live())
            probe();
    }

    /// After a sleep (SIGSTOP, suspend, a clock that was set) everything is in doubt. True: a try was begun anew, and
    /// the event at hand came from the channel that it replaced.
    bool noticeSleep()
    {
        if (!m_.wakeAt)
            return false;
        const auto drift = (e_.wall - m_.lastWall) - (e_.now - m_.lastNow);
        const bool late = e_.now - *m_.wakeAt > Times::lateBy;
        if (!late && std::chrono::abs(drift) <= Times::lateBy)
            return false;
        const bool wasTrying = trying();
        doubtEverything();
        return wasTrying && ofChannel(e_.kind);
    }

    void heard()
    {
        if (!live())
            return;
        m_.lastHeard = e_.now;
        // What waited in a buffer while the machine slept proves nothing; the next two seconds do.
        if (m_.probeUntil)
            m_.probeUntil = e_.now + Times::probe;
    }

    void networkDown()
    {
        m_.networkDown = true;
        if (live())
            probe();
        else if ((m_.phase == Phase::Waiting || trying()) &&
                 (m_.trouble == Trouble::None || m_.trouble == Trouble::Unreachable))
            setTrouble(Trouble::NoNetwork, {});
    }

    /// The channel ended without a word. Of one that worked, that is no trouble yet: the next try tells.
    void broke(Trouble trouble, std::string words)
    {
        if (live())
            return rest(Trouble::None, std::move(words), Millis{0});
        if (!trying())
            return;
        if (m_.trouble == Trouble::Restarting && trouble == Trouble::Unreachable && e_.now < m_.restartUntil) {
            trouble = Trouble::Restarting;
            words = std::move(m_.words);
        }
        rest(trouble, std::move(words), Millis{0});
    }

    void failed()
    {
        const TransportError& error = e_.error;
        switch (error.kind) {
        case TransportFailure::TlsUntrusted:
        case TransportFailure::PinMismatch:
            if (!trying() && !live())
                return;
            rest(Trouble::Certificate, error.words, Millis{0});
            m_.pinnedKey = error.pinned;
            m_.presentedKey = error.presented;
            return;
        case TransportFailure::NoNetwork:
            if (trying() || live())
                rest(Trouble::NoNetwork, error.words, Millis{0});
            return;
        default:
            return broke(Trouble::Unreachable, error.words);
        }
    }

    void greeted()
    {
        if (m_.phase != Phase::Greeting)
            return;
        if (e_.oldestMinor > wire::minorVersion)
            return rest(Trouble::Version, "The server speaks a newer protocol: update Kith", Millis{0});
        if (e_.minor < wire::oldestMinorVersion)
            return rest(Trouble::Version, "The server speaks an older protocol: it must be updated", Millis{0});
        if (m_.anonymous)
            return goLive(Phase::Online);
        clearTrouble();
        m_.phase = Phase::Authenticating;
        act(Action::Authenticate);
    }

    void goodbye()
    {
        switch (e_.reason) {
        case GoodbyeReason::Revoked:
            return halt("The server no longer knows this device" + because());
        case GoodbyeReason::Restarting:
            rest(Trouble::Restarting, "The server restarts" + because(), asked());
            if (asked() > Millis{0}) // the server has spread its clients already; more would only keep people waiting
                m_.retryAt = m_.notBefore;
            m_.restartUntil = m_.retryAt + Times::restartGrace;
            return;
        case GoodbyeReason::Replaced:
            return rest(Trouble::Replaced, "Another program is connected as this device" + because(),
                        std::max(asked(), Times::longRest));
        case GoodbyeReason::Protocol:
            return rest(Trouble::Unreachable, "The server does not understand this program" + because(), asked());
        case GoodbyeReason::TooSlow:
        case GoodbyeReason::Idle:
        case GoodbyeReason::Unspecified:
            return rest(Trouble::None, "The server ended the connection" + because(), asked());
        }
    }

    void tick()
    {
        if (m_.phase == Phase::Waiting && e_.now >= m_.retryAt)
            return beginTry();
        if (trying())
            return tickTry();
        if (live())
            tickLive();
    }

    void tickTry()
    {
        if (e_.now - m_.tryBegan >= Times::giveUpAfter)
            return rest(Trouble::Unreachable, "The server does not answer", Millis{0});
        if (e_.now >= slowAt(m_))
            setTrouble(Trouble::Unreachable, "The server does not answer");
    }

    void tickLive()
    {
        // After a sleep the silence says nothing; only the probe does.
        if (m_.probeUntil) {
            if (e_.now < *m_.probeUntil)
                return;
            reopen(Action::CloseDeaf);
            return setTrouble(Trouble::None, "The connection died");
        }
        if (e_.now - m_.lastHeard >= Times::deafAfter) {
            reopen(Action::CloseDeaf);
            return setTrouble(Trouble::Unreachable, "The server is silent");
        }
        if (e_.now >= pingAt(m_))
            ping();
    }

    ConnectionModel m_;
    const ConnectionEvent& e_;
    Random& random_;
    std::vector<Action> actions_;
};

} // namespace

ConnectionStep nextStep(const ConnectionModel& model, const ConnectionEvent& event, Random& random)
{
    return Transition(model, event, random).run();
}

} // namespace kith::net
