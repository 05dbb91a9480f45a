#pragma once
/// libsodium's two AEADs have one signature: the calls around it, shared. Private to core/crypto's implementation
/// files.

#include "core/base/Result.h"
#include "core/crypto/CryptoError.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"
#include "core/crypto/Sodium.h"

namespace kith
{

using SealCall = decltype(&crypto_aead_chacha20poly1305_ietf_encrypt);
using OpenCall = decltype(&crypto_aead_chacha20poly1305_ietf_decrypt);

template <class Nonce> [[nodiscard]] Bytes sealWith(SealCall call, const AeadKey& key, const Nonce& nonce,
                                                    ByteView associated, ByteView plaintext)
{
    Bytes sealed(plaintext.size() + 16, '\0');
    unsigned long long written = 0;
    call(octets(sealed.data()), &written, octets(plaintext), plaintext.size(), octets(associated), associated.size(),
         nullptr, octets(nonce.view()), octets(key.exposeSecret()));
    sealed.resize(written);
    return sealed;
}

template <class Nonce> [[nodiscard]] Result<SecretBytes> openWith(OpenCall call, const AeadKey& key, const Nonce& nonce,
                                                                  ByteView associated, ByteView sealed)
{
    if (sealed.size() < 16)
        return Error::make(CryptoError::NotAuthentic, "ciphertext shorter than its tag");
    SecretBytes plaintext(sealed.size() - 16);
    unsigned long long written = 0;
    const int failed = call(octets(plaintext.data()), &written, nullptr, octets(sealed), sealed.size(),
                            octets(associated), associated.size(), octets(nonce.view()), octets(key.exposeSecret()));
    if (failed != 0)
        return Error::make(CryptoError::NotAuthentic, "the tag does not verify");
    return plaintext;
}

} // namespace kith
