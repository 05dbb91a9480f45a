#pragma once
/// Ed25519 (RFC 8032) signatures, always under a label: what is signed is label | 0x00 | bytes. Thread: pure, any.

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SignatureLabels.h"

namespace kith
{

[[nodiscard]] Ed25519KeyPair generateEd25519(Random& random);
/// Deterministic: RFC 8032 section 5.1.5.
[[nodiscard]] Ed25519KeyPair ed25519FromSeed(const Ed25519Seed& seed);
/// The pair that a stored secret key belongs to.
[[nodiscard]] Ed25519KeyPair ed25519FromSecret(const Ed25519SecretKey& secret);

[[nodiscard]] Ed25519Signature sign(const Ed25519SecretKey& key, SignatureLabel label, ByteView bytes);
/// BadSignature unless `signature` covers exactly label | 0x00 | bytes. Refuses small-order keys and non-canonical S.
[[nodiscard]] Result<void> verify(const Ed25519PublicKey& key, SignatureLabel label, ByteView bytes,
                                  ByteView signature);
/// The primitive below verify: over exactly `message`. Only for formats whose own standard defines the context.
[[nodiscard]] bool verifyEd25519(const Ed25519PublicKey& key, ByteView message, ByteView signature);

} // namespace kith
