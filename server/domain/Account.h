#pragma once
/// What the server knows of a person and of a device. Keys are public ones; names and pictures it never has (P5).

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/StrongId.h"

#include <cstdint>

namespace kith::server
{

struct Account {
    UserId user;
    Bytes handle; ///< Folded: [a-z0-9._-]{3,32}.
    LogId accountLog;
    WallTime created;
    std::uint64_t manifestVersion = 0;
    bool readReceipts = true;
    bool showPresence = true;
    bool findable = true;
    bool suspended = false;
    std::uint64_t lastSeenHour = 0; ///< Hours since 1970; 0: never.
    UserId invitedBy;               ///< Whose invite it came by; null: the operator's, or none.
};

struct Device {
    UserId user;
    DeviceId device;
    Bytes signingKey;   ///< Ed25519, 32 octets.
    Bytes agreementKey; ///< X25519, 32 octets.
    Bytes incarnation;  ///< 16 octets.
    WallTime created;
    bool revoked = false; ///< Stays for ever: a revoked id never returns.
    WallTime tokensSince; ///< Resume tokens issued before this are refused (Logout).
};

} // namespace kith::server
