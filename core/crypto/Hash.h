#pragma once
/// SHA-256 and SHA-512 (FIPS 180-4) of one or several parts as if joined. Thread: pure, any.

#include "core/crypto/Keys.h"

#include <initializer_list>

namespace kith
{

[[nodiscard]] Sha256Digest sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] inline Sha256Digest sha256(ByteView bytes)
{
    return sha256({bytes});
}

[[nodiscard]] Sha512Digest sha512(std::initializer_list<ByteView> parts);
[[nodiscard]] inline Sha512Digest sha512(ByteView bytes)
{
    return sha512({bytes});
}

} // namespace kith
