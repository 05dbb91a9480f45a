#include "core/e2ee/Padding.h"

#include <algorithm>
#include <bit>

namespace kith
{

std::size_t paddedSize(std::size_t size)
{
    const std::size_t length = std::max(size, leastPaddedSize);
    const auto exponent = static_cast<unsigned>(std::bit_width(length)) - 1;
    const auto digits = static_cast<unsigned>(std::bit_width(exponent));
    const std::size_t mask = (std::size_t{1} << (exponent - digits)) - 1;
    return (length + mask) & ~mask;
}

} // namespace kith
