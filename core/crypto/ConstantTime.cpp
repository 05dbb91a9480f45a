#include "core/crypto/ConstantTime.h"

#include <sodium.h>

namespace kith
{

bool constantTimeEqual(ByteView a, ByteView b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(void* memory, std::size_t size)
{
    if (size != 0)
        sodium_memzero(memory, size);
}

void wipe(Bytes& bytes)
{
    wipe(bytes.data(), bytes.size());
    bytes.clear();
}

} // namespace kith
