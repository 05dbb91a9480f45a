#pragma once
/// HKDF-SHA256 (RFC 5869), built on HMAC because libsodium 1.0.18 has none. Thread: pure, any.

#include "core/base/Result.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"

namespace kith
{

/// RFC 5869 section 2.3: at most 255 blocks.
constexpr std::size_t hkdfSha256Max = 255 * 32;

/// `size` octets from extract-then-expand; an empty salt counts as 32 zero octets. WrongSize above hkdfSha256Max.
[[nodiscard]] Result<SecretBytes> hkdfSha256(ByteView salt, ByteView inputKey, ByteView info, std::size_t size);

/// The same for a size known at compile time, which cannot fail.
template <class Secret> [[nodiscard]] Secret hkdfSha256As(ByteView salt, ByteView inputKey, ByteView info)
{
    static_assert(Secret::size <= hkdfSha256Max);
    const Result<SecretBytes> derived = hkdfSha256(salt, inputKey, info, Secret::size);
    return Secret::sliceOf(derived.value().exposeSecret(), 0);
}

} // namespace kith
