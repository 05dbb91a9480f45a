#include "core/e2ee/EnvelopeCodec.h"

#include "core/e2ee/E2eeError.h"
#include "core/e2ee/OctetCodec.h"

namespace kith
{
namespace
{

constexpr std::uint8_t ratchetType = 1;
constexpr std::uint8_t preKeyType = 2;
constexpr std::uint8_t preKeyVersion = 1;

} // namespace

void encodeOffer(OctetWriter& out, const HandshakeOffer& offer)
{
    out.u32(offer.signedPreKey.value()).flag(offer.oneTimePreKey.has_value());
    if (offer.oneTimePreKey)
        out.u32(offer.oneTimePreKey->value());
    out.raw(offer.baseKey.view()).u16(offer.kemAlgorithm);
}

HandshakeOffer decodeOffer(OctetReader& in)
{
    HandshakeOffer offer;
    offer.signedPreKey = PreKeyId(in.u32());
    if (in.flag())
        offer.oneTimePreKey = PreKeyId(in.u32());
    offer.baseKey = in.octets<X25519PublicKey>();
    offer.kemAlgorithm = in.u16();
    return offer;
}

Bytes encodeRatchetEnvelope(ByteView ratchetMessage)
{
    OctetWriter out(1 + ratchetMessage.size());
    out.u8(ratchetType).raw(ratchetMessage);
    return out.takePublic();
}

Bytes encodePreKeyEnvelope(const HandshakeOffer& offer, ByteView ratchetMessage)
{
    OctetWriter out(64 + ratchetMessage.size());
    out.u8(preKeyType).u8(preKeyVersion);
    encodeOffer(out, offer);
    out.block16({}); // the KEM's ciphertext; algorithm 0 has none
    out.raw(ratchetMessage);
    return out.takePublic();
}

Result<ParsedEnvelope> parseEnvelope(ByteView envelope)
{
    if (envelope.size() > maxEnvelopeSize)
        return Error::make(E2eeError::Malformed, "an envelope is too large");
    OctetReader in(envelope);
    ParsedEnvelope parsed;
    const std::uint8_t type = in.u8();
    if (type == preKeyType) {
        if (const std::uint8_t version = in.u8(); in.ok() && version != preKeyVersion)
            return Error::make(E2eeError::UnknownVersion, "a pre-key message of another version");
        parsed.offer = decodeOffer(in);
        if (in.ok() && parsed.offer->kemAlgorithm != 0)
            return Error::make(E2eeError::UnknownVersion, "a pre-key message with an unknown key encapsulation");
        in.block16(0);
    } else if (in.ok() && type != ratchetType) {
        return Error::make(E2eeError::UnknownVersion, "an envelope of an unknown type");
    }
    parsed.ratchetMessage = in.rest();
    if (!in.ok() || parsed.ratchetMessage.empty())
        return Error::make(E2eeError::Malformed, "an envelope is too short");
    return parsed;
}

} // namespace kith
