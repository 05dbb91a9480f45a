#pragma once
/// Casts between our octets (char) and libsodium's (unsigned char). Private to core/crypto's implementation files.

#include "core/base/Bytes.h"

#include <sodium.h>

namespace kith
{

[[nodiscard]] inline const unsigned char* octets(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
[[nodiscard]] inline unsigned char* octets(char* data)
{
    return reinterpret_cast<unsigned char*>(data);
}

} // namespace kith
