#pragma once
/// This profile's account and the server it lives on, without secrets (those are core/e2ee's). Thread: plain values.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <string>

namespace kith
{

struct ServerAddress {
    std::string url; ///< wss://host:port or ws://127.0.0.1:port.
    Bytes serverId;  ///< 16 octets, from Hello; bound into signatures.
    Bytes pinnedKey; ///< SHA-256 of the server certificate's public key, 32 octets; empty: the system's authorities.

    friend bool operator==(const ServerAddress&, const ServerAddress&) = default;
};

struct OwnAccount {
    UserId user;
    DeviceId device;
    Bytes incarnation; ///< 16 octets: differs when this device was restored.
    std::string handle;
    std::string displayName;
    LogId accountLog;
    ServerAddress server;
    bool registered = false; ///< The server has confirmed; before that a registration is resumed, not repeated.
    bool readReceipts = true;
};

} // namespace kith
