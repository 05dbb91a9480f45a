#pragma once
/// The key types of core/crypto, each distinct. Thread: plain values, any.

#include "core/crypto/FixedSecret.h"

namespace kith
{

using Ed25519PublicKey = FixedOctets<struct Ed25519PublicKeyTag, 32>;
using Ed25519Signature = FixedOctets<struct Ed25519SignatureTag, 64>;
/// libsodium's form: the 32-octet seed of RFC 8032 followed by the public key.
using Ed25519SecretKey = FixedSecret<struct Ed25519SecretKeyTag, 64>;
using Ed25519Seed = FixedSecret<struct Ed25519SeedTag, 32>;

using X25519PublicKey = FixedOctets<struct X25519PublicKeyTag, 32>;
using X25519SecretKey = FixedSecret<struct X25519SecretKeyTag, 32>;
/// Raw X25519 output: never a key by itself, always input to Hkdf.
using SharedSecret = FixedSecret<struct SharedSecretTag, 32>;

using AeadKey = FixedSecret<struct AeadKeyTag, 32>;
using AeadNonce = FixedOctets<struct AeadNonceTag, 12>;   ///< ChaCha20-Poly1305-IETF: counters or single-use keys.
using AeadXNonce = FixedOctets<struct AeadXNonceTag, 24>; ///< XChaCha20-Poly1305: may be random.

using Sha256Digest = FixedOctets<struct Sha256DigestTag, 32>;
using Sha512Digest = FixedOctets<struct Sha512DigestTag, 64>;

struct Ed25519KeyPair {
    Ed25519PublicKey publicKey;
    Ed25519SecretKey secretKey;
    [[nodiscard]] Ed25519KeyPair clone() const { return {publicKey, secretKey.clone()}; }
};

struct X25519KeyPair {
    X25519PublicKey publicKey;
    X25519SecretKey secretKey;
    [[nodiscard]] X25519KeyPair clone() const { return {publicKey, secretKey.clone()}; }
};

} // namespace kith
