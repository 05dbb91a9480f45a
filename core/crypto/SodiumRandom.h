#pragma once
/// The program's randomness: libsodium's generator over the kernel's. The only place that asks for it; everything else
/// takes a Random&. Owned by each program's composition root. Thread: any.

#include "core/base/Random.h"

namespace kith
{

class SodiumRandom final : public Random
{
public:
    /// Starts libsodium; a machine on which that fails cannot run Kith, and cryptoSelfTest() reports it.
    SodiumRandom();
    void fill(void* out, std::size_t size) override;
};

} // namespace kith
