#pragma once
/// The states of a connection and what becomes of a request in each (style rule 17). Pure functions, any thread.
///
///   greeting --Authenticate, Resume--> authenticated --server restarts--> draining --answers are out--> closed
///       \                                   \--replaced, revoked, too slow, broken protocol, silent-------^
///        \--not signed in within 10 s, broken protocol, silent--------------------------------------------^

#include "core/protocol/wire/WireError.h"

#include <cstdint>

namespace kith::server
{

enum class PeerState : std::uint8_t {
    Greeting,      ///< Nobody knows yet who this is.
    Authenticated, ///< A device; it hears of its logs.
    Draining,      ///< Goodbye was said; what was asked before is still answered.
    Closed,        ///< Nothing that comes is heard any more.
};
constexpr PeerState peerStates[] = {PeerState::Greeting, PeerState::Authenticated, PeerState::Draining,
                                    PeerState::Closed};

enum class Verdict : std::uint8_t {
    Serve,
    NoSuchCall,     ///< Answered: this server does not know it.
    SignInFirst,    ///< Answered: unauthenticated.
    SignedInBefore, ///< Answered: a connection has one device.
    GoingAway,      ///< Answered: unavailable, retry.
    Ignore,
};

/// `call` is null for methods that are no call.
[[nodiscard]] Verdict judge(PeerState state, const wire::Call* call);
/// The error that a verdict other than Serve and Ignore is answered with.
[[nodiscard]] Error refusalOf(Verdict verdict);

} // namespace kith::server
