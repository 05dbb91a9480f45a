#pragma once
/// XEdDSA (Perrin, rev 1 2016-10-20): Ed25519 signatures by an X25519 key, as Signal signs its pre-keys. The product
/// keeps signing and agreement keys apart and has no use for it. On OpenSSL's big numbers, not constant-time. Thread:
/// pure.

#include "core/base/Random.h"
#include "core/crypto/Keys.h"

namespace kith::test
{

[[nodiscard]] Bytes xeddsaSign(const X25519SecretKey& key, ByteView message, Random& random);
[[nodiscard]] bool xeddsaVerify(const X25519PublicKey& key, ByteView message, ByteView signature);

} // namespace kith::test
