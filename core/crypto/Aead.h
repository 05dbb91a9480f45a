#pragma once
/// Authenticated encryption: ChaCha20-Poly1305 (RFC 8439) where a key is used once or nonces count, and
/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) where the nonce is random. Types rather than functions so that
/// protocols take the algorithm as a parameter. No pair of key and nonce may ever seal two texts. Thread: pure, any.

#include "core/base/Result.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"

namespace kith
{

struct ChaCha20Poly1305 {
    using Nonce = AeadNonce;
    static constexpr std::size_t overhead = 16;

    /// Ciphertext followed by the 16-octet tag.
    [[nodiscard]] static Bytes seal(const AeadKey& key, const Nonce& nonce, ByteView associated, ByteView plaintext);
    /// NotAuthentic, without any plaintext, unless the tag verifies.
    [[nodiscard]] static Result<SecretBytes> open(const AeadKey& key, const Nonce& nonce, ByteView associated,
                                                  ByteView sealed);
};

struct XChaCha20Poly1305 {
    using Nonce = AeadXNonce;
    static constexpr std::size_t overhead = 16;

    [[nodiscard]] static Bytes seal(const AeadKey& key, const Nonce& nonce, ByteView associated, ByteView plaintext);
    [[nodiscard]] static Result<SecretBytes> open(const AeadKey& key, const Nonce& nonce, ByteView associated,
                                                  ByteView sealed);
};

} // namespace kith
