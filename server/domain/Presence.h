#pragma once
/// Who is there. Never stored but for the hour of a person's last visit. Plain values.

#include "core/base/StrongId.h"

#include <cstdint>

namespace kith::server
{

/// Numbers are the wire's.
enum class PresenceState : std::uint8_t { Unknown = 0, Online = 1, Away = 2, Offline = 3 };

struct PresenceView {
    UserId user;
    PresenceState state = PresenceState::Unknown; ///< Unknown: hidden, or not for the one who asks.
    std::uint64_t lastSeenHour = 0;               ///< Hours since 1970; 0: unknown or hidden.
};

} // namespace kith::server
