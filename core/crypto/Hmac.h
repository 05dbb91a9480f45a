#pragma once
/// HMAC-SHA256 (RFC 2104). Keys of any length. Thread: pure, any.

#include "core/crypto/Keys.h"

#include <initializer_list>

namespace kith
{

/// 32 octets to `out`, over the parts as if joined. For results that are keys themselves, see hmacSha256As.
void hmacSha256Into(char* out, ByteView key, std::initializer_list<ByteView> parts);

/// A public tag. Compare with constantTimeEqual.
[[nodiscard]] inline Sha256Digest hmacSha256(ByteView key, std::initializer_list<ByteView> parts)
{
    Sha256Digest tag;
    hmacSha256Into(tag.data(), key, parts);
    return tag;
}
[[nodiscard]] inline Sha256Digest hmacSha256(ByteView key, ByteView message)
{
    return hmacSha256(key, {message});
}

/// The same as a secret of type `Secret` (32 octets): one step of a key derivation.
template <class Secret> [[nodiscard]] Secret hmacSha256As(ByteView key, ByteView message)
{
    static_assert(Secret::size == 32);
    Secret secret;
    hmacSha256Into(secret.data(), key, {message});
    return secret;
}

} // namespace kith
