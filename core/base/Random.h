#pragma once
/// Randomness, injected: core/crypto/SodiumRandom in programs, a seeded generator in tests and simulation.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

#include <cstddef>

namespace kith
{

/// Thread: SodiumRandom from any; a seeded one belongs to the thread that owns it.
class Random
{
public:
    virtual ~Random() = default;
    /// Fills `size` octets at `out`.
    virtual void fill(void* out, std::size_t size) = 0;

    [[nodiscard]] Bytes bytes(std::size_t size);
    [[nodiscard]] std::uint64_t number();
    /// Uniform in [0, bound); 0 for bound 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    template <class Id> [[nodiscard]] Id id() { return *Id::fromBytes(bytes(Id::size)); }
};

} // namespace kith
