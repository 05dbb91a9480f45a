#include "core/crypto/ConstantTime.h"

#include "core/crypto/Sodium.h"

namespace kith
{

bool constantTimeEqual(ByteView a, ByteView b)
{
    return a.size() == b.size() && sodium_memcmp(octets(a), octets(b), a.size()) == 0;
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
