#pragma once
/// Lengths of sealed bodies: Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files", PETS 2019,
/// section 4), at least 256 octets, so that a length tells little about the text. Pure; thread: any.

#include <cstddef>

namespace kith
{

constexpr std::size_t leastPaddedSize = 256;

/// The size that `size` octets are padded to: its binary form keeps only as many leading bits as its exponent has
/// digits, rounded up. At most 12 % more; falls for no larger input.
[[nodiscard]] std::size_t paddedSize(std::size_t size);

} // namespace kith
