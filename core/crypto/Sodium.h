#pragma once
/// Casts between our octets (char) and libsodium's (unsigned char). Private to core/crypto's implementation files.

#include "core/base/Bytes.h"

#include <sodium.h>

namespace kith
{

/// Never null, since libsodium's parameters may not be, not even for no octets.
[[nodiscard]] inline const unsigned char* octets(ByteView bytes)
{
    static constexpr unsigned char none = 0;
    return bytes.empty() ? &none : reinterpret_cast<const unsigned char*>(bytes.data());
}
[[nodiscard]] inline unsigned char* octets(char* data)
{
    return reinterpret_cast<unsigned char*>(data);
}

} // namespace kith
