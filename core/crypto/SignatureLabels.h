#pragma once
/// Every context in which Kith signs. A signature made under one label never verifies under another. Both programs
/// verify, so the labels live here; docs/protocol/e2ee.md lists what stands behind each. Labels never change.

#include <string_view>

namespace kith
{

/// A label is printable ASCII without zero octets, so that label | 0x00 | bytes reads in one way only.
struct SignatureLabel {
    std::string_view text;
};

/// Serialized DeviceCertificate, by the account's identity key.
inline constexpr SignatureLabel deviceCertificateLabel{"kith device certificate v1"};
/// Serialized DeviceManifest, by the identity key and by the author device's signing key.
inline constexpr SignatureLabel deviceManifestLabel{"kith device manifest v1"};
/// Pre-key id (4 octets, big-endian) | X25519 public key, by the device's signing key.
inline constexpr SignatureLabel signedPreKeyLabel{"kith signed prekey v1"};
/// Server id | challenge | handle, by the identity key and by the device's signing key.
inline constexpr SignatureLabel registerLabel{"kith register v1"};
/// Server id | challenge | user id | device id, by the device's signing key.
inline constexpr SignatureLabel authenticateLabel{"kith authenticate v1"};

} // namespace kith
