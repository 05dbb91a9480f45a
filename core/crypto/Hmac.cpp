#include "core/crypto/Hmac.h"

#include "core/crypto/Sodium.h"

namespace kith
{

void hmacSha256Into(char* out, ByteView key, std::initializer_list<ByteView> parts)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, octets(key), key.size());
    for (const ByteView part : parts)
        crypto_auth_hmacsha256_update(&state, octets(part), part.size());
    crypto_auth_hmacsha256_final(&state, octets(out));
    wipe(&state, sizeof state);
}

} // namespace kith
