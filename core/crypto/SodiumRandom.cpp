#include "core/crypto/SodiumRandom.h"

#include <sodium.h>

namespace kith
{

SodiumRandom::SodiumRandom()
{
    // randombytes_buf works (or aborts the process) whatever this returns; what else it may mean is the self-test's
    // job.
    [[maybe_unused]] const int started = sodium_init();
}

void SodiumRandom::fill(void* out, std::size_t size)
{
    randombytes_buf(out, size);
}

} // namespace kith
