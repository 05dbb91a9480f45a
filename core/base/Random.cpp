#include "core/base/Random.h"

#include <limits>

namespace kith
{

Bytes Random::bytes(std::size_t size)
{
    Bytes out(size, '\0');
    fill(out.data(), out.size());
    return out;
}

std::uint64_t Random::number()
{
    std::uint64_t value = 0;
    fill(&value, sizeof value);
    return value;
}

std::uint64_t Random::below(std::uint64_t bound)
{
    if (bound < 2)
        return 0;
    // Rejects the incomplete last interval so that every result is equally likely.
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() / bound * bound;
    std::uint64_t value = number();
    while (value >= limit)
        value = number();
    return value % bound;
}

} // namespace kith
