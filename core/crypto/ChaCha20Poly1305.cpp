#include "core/crypto/Aead.h"
#include "core/crypto/AeadCalls.h"

namespace kith
{

Bytes ChaCha20Poly1305::seal(const AeadKey& key, const Nonce& nonce, ByteView associated, ByteView plaintext)
{
    return sealWith(crypto_aead_chacha20poly1305_ietf_encrypt, key, nonce, associated, plaintext);
}

Result<SecretBytes> ChaCha20Poly1305::open(const AeadKey& key, const Nonce& nonce, ByteView associated, ByteView sealed)
{
    return openWith(crypto_aead_chacha20poly1305_ietf_decrypt, key, nonce, associated, sealed);
}

} // namespace kith
