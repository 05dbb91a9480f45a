#pragma once
/// Randomness that a seed repeats exactly, on every platform: the 64-bit Mersenne Twister, whose output the C++
/// standard fixes. Not for secrets outside tests. Thread: the one that owns it.

#include "core/base/Random.h"

#include <cstdint>
#include <random>

namespace kith::test
{

class SeededRandom final : public Random
{
public:
    explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}

    void fill(void* out, std::size_t size) override
    {
        auto* at = static_cast<unsigned char*>(out);
        while (size > 0) {
            std::uint64_t word = engine_();
            // Octet by octet, low first: the same bytes whatever the machine's byte order.
            for (int i = 0; i < 8 && size > 0; ++i, --size, word >>= 8U)
                *at++ = static_cast<unsigned char>(word & 0xffU);
        }
    }

private:
    std::mt19937_64 engine_;
};

} // namespace kith::test
