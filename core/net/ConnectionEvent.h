#pragma once
/// What can happen to a connection, and what its machine wants done about it. Thread: plain values, any.

#include "core/base/Clock.h"
#include "core/net/Transport.h"

#include <cstdint>
#include <string>

namespace kith::net
{

enum class ConnectionEventKind {
    Start,           ///< The owner wants to be connected.
    Stop,            ///< The owner does not.
    Opened,          ///< Transport: the channel stands.
    Closed,          ///< Transport: the peer closed it. `words`.
    Failed,          ///< Transport: `error`.
    HelloAnswered,   ///< `minor`, `oldestMinor` of the server.
    HandshakeFailed, ///< Hello, Authenticate or a call after them answered "not now". `words`, `retryAfter`.
    Authenticated,
    Denied,         ///< This device is none of the account's (revoked, or a clone). `words`.
    CaughtUp,       ///< core/sync holds everything that the heads promised.
    Goodbye,        ///< `reason`, `retryAfter`, `words`.
    Heard,          ///< Any frame came in.
    PingAnswered,   ///< The answer to a Ping came in.
    Spoke,          ///< Any frame went out.
    NetworkUp,      ///< A network appeared or changed.
    NetworkDown,    ///< The operating system sees no network. A hint only: it may be wrong.
    LookedAt,       ///< A person opened or refreshed the window.
    Woke,           ///< The machine was asleep.
    ProtocolBroken, ///< The server sent what cannot be read. `words`.
    Tick,           ///< Time passed: ConnectionModel::wakeAt was reached.
};
constexpr int connectionEventKinds = static_cast<int>(ConnectionEventKind::Tick) + 1;

/// Goodbye.Reason of rpc.proto.
enum class GoodbyeReason { Unspecified, Restarting, Replaced, Revoked, TooSlow, Idle, Protocol };

struct ConnectionEvent {
    ConnectionEventKind kind = ConnectionEventKind::Tick;
    MonoTime now{};  ///< Always set.
    WallTime wall{}; ///< Always set; only compared with itself, to notice that the machine slept.
    std::string words;
    TransportError error;
    Millis retryAfter{0};
    std::uint32_t minor = 0;
    std::uint32_t oldestMinor = 0;
    GoodbyeReason reason = GoodbyeReason::Unspecified;
};

enum class ConnectionAction {
    Open,          ///< Transport::open.
    CloseNormal,   ///< Drop the channel; all pending calls fail.
    CloseDeaf,     ///< The same, with CloseCode::Deaf.
    CloseProtocol, ///< The same, with CloseCode::Protocol.
    Hello,         ///< Call Hello.
    Authenticate,  ///< Call Resume or Authenticate.
    Use,           ///< The channel may carry all calls; catch up.
    Ping,          ///< Call Ping.
};

} // namespace kith::net
