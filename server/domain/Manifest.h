#pragma once
/// The device list of an account as the server handles it: the signed octets, which it stores and hands on untouched,
/// beside what server/gateway parsed out of them. Signatures cover the octets, never a re-encoding. Plain values.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <vector>

namespace kith::server
{

/// One device of a manifest, signed by the account's identity key (label "kith device certificate v1").
struct DeviceCertificate {
    Bytes certificate; ///< As signed.
    Bytes signature;   ///< Ed25519, 64 octets.

    UserId user;
    DeviceId device;
    Bytes signingKey;   ///< Ed25519, 32 octets.
    Bytes agreementKey; ///< X25519, 32 octets.
    Bytes incarnation;  ///< 16 octets.
};

/// What peers are given: octets and signatures only.
struct SignedManifest {
    Bytes manifest;          ///< As signed (label "kith device manifest v1"); at most Limits::manifest octets.
    Bytes identitySignature; ///< By the identity key.
    Bytes deviceSignature;   ///< By the author device's signing key.

    friend bool operator==(const SignedManifest&, const SignedManifest&) = default;
};

/// What a device hands in: the same, and what its octets say.
struct DeviceManifest : SignedManifest {
    UserId user;
    std::uint64_t version = 0; ///< 1, 2, 3 ...
    Bytes identityKey;         ///< Ed25519, 32 octets.
    Bytes previousHash;        ///< SHA-256 of the previous manifest's octets; empty in version 1.
    std::vector<DeviceCertificate> devices;
    std::vector<DeviceId> revoked; ///< Every device ever revoked.
    DeviceId author;
};

} // namespace kith::server
