#pragma once
/// Public pre-keys of devices: what a first handshake with a device needs (X3DH, Signal, revision 1). Plain values.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace kith::server
{

/// Signed by the device's signing key, label "kith signed prekey v1" over id (4 octets big-endian) | key.
struct SignedPreKey {
    std::uint32_t id = 0;
    Bytes publicKey; ///< X25519, 32 octets.
    Bytes signature; ///< Ed25519, 64 octets.
};

struct OneTimePreKey {
    std::uint32_t id = 0; ///< Rises with every key that the device makes; 0 is no id.
    Bytes publicKey;      ///< X25519, 32 octets.
};

/// Reserved for a key encapsulation mechanism: stored and handed on, algorithm 0 = none.
struct KemPreKey {
    std::uint32_t algorithm = 0;
    Bytes publicKey;
    Bytes signature;
};

/// A device's statement: replaces the signed pre-key (where given) and adds one-time pre-keys.
struct PreKeyUpload {
    std::optional<SignedPreKey> signedPreKey;
    std::vector<OneTimePreKey> oneTimePreKeys;
    std::optional<KemPreKey> kem;
};

/// For one device of the claimed account.
struct PreKeyBundle {
    DeviceId device;
    SignedPreKey signedPreKey;
    std::optional<OneTimePreKey> oneTimePreKey; ///< Nullopt: none was left.
    std::optional<KemPreKey> kem;
};

} // namespace kith::server
