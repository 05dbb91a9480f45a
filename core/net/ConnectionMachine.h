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

struct ConnectionStep {
    ConnectionModel model;
    std::vector<ConnectionAction> actions; ///< In this order.
};

/// `random` is drawn from only for back-off.
[[nodiscard]] ConnectionStep nextStep(const ConnectionModel& model, const ConnectionEvent& event, Random& random);

} // namespace kith::net
