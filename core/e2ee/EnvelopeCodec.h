#pragma once
/// The outer form of a per-device envelope: a ratchet message, or the same behind what starts a session. At most
/// wire::maxEnvelope (512) octets with our 96 octets inside. Pure; thread: any.

#include "core/e2ee/Handshake.h"

namespace kith
{

constexpr std::size_t maxEnvelopeSize = 512;

/// Views into the bytes that were parsed.
struct ParsedEnvelope {
    std::optional<HandshakeOffer> offer; ///< Present: a pre-key message.
    ByteView ratchetMessage;
};

/// 0x01 | ratchet message.
[[nodiscard]] Bytes encodeRatchetEnvelope(ByteView ratchetMessage);
/// 0x02 | version 1 | signed pre-key id 4 | flag 1 | [one-time pre-key id 4] | base key 32 | KEM algorithm 2 |
/// KEM ciphertext (2-octet length) | ratchet message.
[[nodiscard]] Bytes encodePreKeyEnvelope(const HandshakeOffer& offer, ByteView ratchetMessage);
/// Malformed above maxEnvelopeSize or for anything that the two functions above do not write; UnknownVersion.
[[nodiscard]] Result<ParsedEnvelope> parseEnvelope(ByteView envelope);

/// The offer alone, as session state stores it.
void encodeOffer(class OctetWriter& out, const HandshakeOffer& offer);
[[nodiscard]] HandshakeOffer decodeOffer(class OctetReader& in);

} // namespace kith
