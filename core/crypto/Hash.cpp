#include "core/crypto/Hash.h"

#include "core/crypto/Sodium.h"

namespace kith
{

Sha256Digest sha256(std::initializer_list<ByteView> parts)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (const ByteView part : parts)
        crypto_hash_sha256_update(&state, octets(part), part.size());
    Sha256Digest digest;
    crypto_hash_sha256_final(&state, octets(digest.data()));
    wipe(&state, sizeof state);
    return digest;
}

Sha512Digest sha512(std::initializer_list<ByteView> parts)
{
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    for (const ByteView part : parts)
        crypto_hash_sha512_update(&state, octets(part), part.size());
    Sha512Digest digest;
    crypto_hash_sha512_final(&state, octets(digest.data()));
    wipe(&state, sizeof state);
    return digest;
}

} // namespace kith
