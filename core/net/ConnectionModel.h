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
};

/// What people see of it.
[[nodiscard]] ConnectionFact factOf(const ConnectionModel& model);

} // namespace kith::net
