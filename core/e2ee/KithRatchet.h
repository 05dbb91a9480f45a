#pragma once
/// The product's profile of the Double Ratchet: docs/protocol/e2ee.md, "Ratchet". Pure; thread: any.

#include "core/crypto/Aead.h"
#include "core/e2ee/DoubleRatchet.h"

namespace kith
{

struct KithProfile {
    static constexpr std::uint8_t version = 1;
    static constexpr bool closesChains = true;
    static constexpr std::size_t headerSize = 1 + X25519PublicKey::size + 4 + 4;

    /// Views into the message that was parsed.
    struct Parsed {
        X25519PublicKey ratchetKey;
        std::uint32_t number = 0;
        std::uint32_t previousLength = 0;
        ByteView header;
        ByteView sealed;
    };

    /// HKDF-SHA256(salt = root, IKM = DH, info = "kith ratchet root v1", 64): root | chain.
    [[nodiscard]] static std::pair<RootKey, ChainKey> rootStep(const RootKey& root, const SharedSecret& shared);
    /// HMAC-SHA256(chain, 0x01) = message key, HMAC-SHA256(chain, 0x02) = next chain.
    [[nodiscard]] static std::pair<MessageKey, ChainKey> chainStep(const ChainKey& chain);
    [[nodiscard]] static std::uint32_t previousLength(std::uint32_t sent) { return sent; }

    /// version 1 | ratchet key 32 | number 4 | previous length 4 | ChaCha20-Poly1305 under HKDF(message key, info =
    /// "kith ratchet message v1"), nonce 0, associated | the 41 header octets as associated data.
    [[nodiscard]] static Bytes seal(const MessageKey& key, const RatchetHeader& header, ByteView associated,
                                    ByteView plaintext);
    /// Malformed or UnknownVersion; the views point into `message`.
    [[nodiscard]] static Result<Parsed> parse(ByteView message);
    /// NotDecryptable unless the tag verifies.
    [[nodiscard]] static Result<SecretBytes> open(const MessageKey& key, const Parsed& parsed, ByteView associated);
};

using KithRatchet = DoubleRatchet<KithProfile>;

} // namespace kith
