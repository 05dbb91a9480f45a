#pragma once
/// The life of a connection as a pure function (model, event) -> (model, actions): DESIGN section 3, style.md rule 17.
/// No I/O, no clock, no timer of its own; core/net/Connection carries the actions out. Thread: pure, any.
///
///             Start                  Opened              HelloAnswered            Authenticated           CaughtUp
///   Stopped ─────────▶ Opening ──────────────▶ Greeting ───────────────▶ Authenticating ─────▶ CatchingUp ─────▶
///   Online
///      ▲                │   ▲                     │                          │      │               │    │          │
///      │ Stop           │   │ retry time,         │ Closed, Failed, Goodbye, │      │ Denied        │    │ Denied,  │
///      │ (from any)     ▼   │ NetworkUp, LookedAt ▼ deadline, too new        ▼      ▼               │    │ revoked  │
///      └──────────── Waiting ◀──────────────────────────────────────────────┴──▶ Halted ◀───────────┼────┴──────────┤
///                           ▲                                                                       │               │
///                           └── Closed, Failed, Goodbye, broken protocol ───────────────────────────┴───────────────┘
///   CatchingUp, Online ──▶ Opening at once when a probe is not answered or the server is deaf.
///
/// Without credentials (registration) HelloAnswered leads to Online directly. What people see is the phase, or, while
/// not connected, the trouble: it stays until the server answers Hello, so that the display does not flicker.

#include "core/net/ConnectionEvent.h"
#include "core/net/ConnectionModel.h"

#include <vector>

namespace kith::net
{

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
    static constexpr Millis clockWatch{5'000};   ///< At least this often the clocks are compared.
};

struct ConnectionStep {
    ConnectionModel model;
    std::vector<ConnectionAction> actions; ///< In this order.
};

/// `random` is drawn from only for back-off.
[[nodiscard]] ConnectionStep nextStep(const ConnectionModel& model, const ConnectionEvent& event, Random& random);

} // namespace kith::net
