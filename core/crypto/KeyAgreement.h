#pragma once
/// X25519 (RFC 7748). Thread: pure, any.

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/crypto/Keys.h"

namespace kith
{

[[nodiscard]] X25519KeyPair generateX25519(Random& random);
[[nodiscard]] X25519PublicKey x25519PublicKey(const X25519SecretKey& secret);
/// WeakKey when the result is all zero (a low-order public key): such a secret would be known to everybody. Other
/// unusual encodings are accepted as RFC 7748 asks.
[[nodiscard]] Result<SharedSecret> agree(const X25519SecretKey& own, const X25519PublicKey& peer);

} // namespace kith
