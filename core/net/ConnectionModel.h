#pragma once
/// What ConnectionMachine remembers between two events: a plain value, and what people see of it. Thread: any.

#include "core/base/Backoff.h"
#include "core/net/ConnectionState.h"

namespace kith::net
{

enum class ConnectionPhase { Stopped, Waiting, Opening, Greeting, Authenticating, CatchingUp, Online, Halted };
constexpr int connectionPhases = static_cast<int>(ConnectionPhase::Halted) + 1;

/// Why there is no connection.
enum class ConnectionTrouble { None, Unreachable, NoNetwork, Certificate, Version, Restarting, Replaced };

/// Times of the machine. Together they keep: every state within 5 s of its cause, a deaf server within 35 s, back
/// online within 5 s of a SIGCONT.
struct ConnectionTimes {
    static constexpr Millis heartbeat{25'000};   ///< Silence in either direction before a Ping; wire::heartbeatMs.
    static constexpr Millis deafAfter{30'000};   ///< Silence of the server; wire::deafAfterMs.
    static constexpr Millis probe{2'000};        ///< For an answer when the channel is in doubt.
    static constexpr Millis slowAfter{4'000};    ///< A try this old is shown as unreachable, but goes on.
    static constexpr Millis giveUpAfter{15'000}; ///< A whole try, from Open to Authenticated.
    static constexpr Millis lateBy{5'000};       ///< A Tick this late, or a wall clock this far off: the machine slept.
    static constexpr Millis restartGrace{5'000}; ///< After the announced time.
    static constexpr Millis stableAfter{10'000}; ///< A connection this old starts the back-off over when it breaks.
    static constexpr Millis longRest{60'000};    ///< Between tries that only a change on either side can help.
    static constexpr Millis longestAsk{300'000}; ///< No server may ask for more.
    static constexpr Millis looseSilence{5'000}; ///< A person's look probes a channel that was silent for this long.
    static constexpr Millis clockWatch{2'000};   ///< At least this often the clocks are compared.
};

/// The machine's whole memory: a value.
struct ConnectionModel {
    ConnectionPhase phase = ConnectionPhase::Stopped;
    bool anonymous = false; ///< No credentials: stay after Hello, as registration does.
    bool networkDown = false;
    ConnectionTrouble trouble = ConnectionTrouble::None;
    std::string words;
    Bytes pinnedKey;
    Bytes presentedKey;
    Backoff backoff;
    MonoTime retryAt{};      ///< Waiting: the next try.
    MonoTime notBefore{};    ///< The server asked not to be tried before; not even a person's look overrules it.
    MonoTime restartUntil{}; ///< Until then a failed try still counts as the announced restart.
    MonoTime tryBegan{};
    MonoTime authenticatedAt{};
    MonoTime lastHeard{};
    MonoTime lastSpoke{};
    MonoTime lastPing{};
    std::optional<MonoTime> probeUntil; ///< A Ping must be answered by then, else the channel is given up.
    std::optional<MonoTime> wakeAt;     ///< When the next Tick is due; none: nothing to wait for.
    MonoTime lastNow{};                 ///< Of the event before, with its wall time.
    WallTime lastWall{};

    /// On the way to a connection.
    [[nodiscard]] bool trying() const
    {
        return phase == ConnectionPhase::Opening || phase == ConnectionPhase::Greeting ||
               phase == ConnectionPhase::Authenticating;
    }
    /// Authenticated, or needing no authentication.
    [[nodiscard]] bool live() const { return phase == ConnectionPhase::CatchingUp || phase == ConnectionPhase::Online; }
};

/// When a try under way becomes trouble; never, where trouble is shown already.
[[nodiscard]] MonoTime slowAt(const ConnectionModel& model);
/// When a live channel sends its next heartbeat.
[[nodiscard]] MonoTime pingAt(const ConnectionModel& model);
/// When the machine wants its next Tick, always after `now`; none where it waits for nothing.
[[nodiscard]] std::optional<MonoTime> nextWake(const ConnectionModel& model, MonoTime now);

/// What people see of it.
[[nodiscard]] ConnectionFact factOf(const ConnectionModel& model);

} // namespace kith::net
