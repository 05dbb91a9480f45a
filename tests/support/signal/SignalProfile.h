#pragma once
/// Signal's version 3 as a profile of DoubleRatchet. Not part of any product: AES-CBC, a MAC of 8 octets. Thread: pure.

#include "core/e2ee/DoubleRatchet.h"

namespace kith::test
{

/// X25519 keys travel behind their type octet.
constexpr char signalKeyType = '\x05';
[[nodiscard]] Bytes signalKey(const X25519PublicKey& key);
[[nodiscard]] std::optional<X25519PublicKey> fromSignalKey(ByteView bytes);

struct SignalProfile {
    static constexpr bool closesChains = false; // previous counters are one less than a length, and 0 is ambiguous

    struct Parsed {
        X25519PublicKey ratchetKey;
        std::uint32_t number = 0;
        std::uint32_t previousLength = 0;
        ByteView ciphertext;
        ByteView covered; ///< Version octet and protobuf.
        ByteView mac;
    };

    static std::pair<RootKey, ChainKey> rootStep(const RootKey& root, const SharedSecret& shared);
    static std::pair<MessageKey, ChainKey> chainStep(const ChainKey& chain);
    static std::uint32_t previousLength(std::uint32_t sent) { return sent == 0 ? 0 : sent - 1; }
    /// `associated` = sender identity key | receiver identity key, as they travel.
    static Bytes seal(const MessageKey& key, const RatchetHeader& header, ByteView associated, ByteView plaintext);
    static Result<Parsed> parse(ByteView message);
    static Result<SecretBytes> open(const MessageKey& key, const Parsed& parsed, ByteView associated);
};

using SignalRatchet = DoubleRatchet<SignalProfile>;

/// The little of Protobuf that the two message forms need.
struct SignalField {
    std::uint32_t number = 0;
    std::uint64_t varint = 0;
    ByteView bytes; ///< Set for length-delimited fields.
};
void appendVarintField(Bytes& out, std::uint32_t number, std::uint64_t value);
void appendBytesField(Bytes& out, std::uint32_t number, ByteView value);
/// Nullopt when the bytes are no such message.
[[nodiscard]] std::optional<std::vector<SignalField>> parseFields(ByteView bytes);

} // namespace kith::test
