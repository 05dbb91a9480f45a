#pragma once
/// Comparison and erasure of secrets. Thread: pure, any.

#include "core/base/Bytes.h"

#include <cstddef>

namespace kith
{

/// True when both have the same length and octets; the time depends on the lengths only (sodium_memcmp).
[[nodiscard]] bool constantTimeEqual(ByteView a, ByteView b);

/// Overwrites `size` octets in a way that the compiler may not drop (sodium_memzero).
void wipe(void* memory, std::size_t size);
/// Overwrites and empties `bytes`; for copies that had to exist outside SecretBytes.
void wipe(Bytes& bytes);

} // namespace kith
