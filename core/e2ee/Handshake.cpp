#include "core/e2ee/Handshake.h"

#include "core/crypto/Hash.h"
#include "core/crypto/Hkdf.h"
#include "core/crypto/KeyAgreement.h"
#include "core/e2ee/E2eeError.h"
#include "core/e2ee/OctetCodec.h"

namespace kith
{
namespace
{

using namespace std::string_view_literals;

constexpr std::uint8_t protocolVersion = 1;
constexpr ByteView keyInfo = "kith x3dh v1"sv;
constexpr ByteView bindingLabel = "kith x3dh binding v1\0"sv;

void appendParty(OctetWriter& out, const DeviceIdentity& party)
{
    out.raw(party.user.view()).raw(party.device.view()).raw(party.incarnation.view());
    out.raw(party.identityKey.view()).raw(party.signingKey.view()).raw(party.agreementKey.view());
}

/// Everything both must agree on. Whoever sees a party under another name, key or pre-key computes another value, and
/// no message opens: that ends unknown-key-share and cross-version confusion.
Sha256Digest binding(const DeviceIdentity& initiator, const DeviceIdentity& responder, const HandshakeOffer& offer,
                     const X25519PublicKey& signedPreKey, const std::optional<X25519PublicKey>& oneTimePreKey)
{
    OctetWriter out(512);
    out.raw(bindingLabel).u8(protocolVersion);
    appendParty(out, initiator);
    appendParty(out, responder);
    out.u32(offer.signedPreKey.value()).raw(signedPreKey.view());
    out.flag(oneTimePreKey.has_value());
    if (oneTimePreKey)
        out.u32(offer.oneTimePreKey->value()).raw(oneTimePreKey->view());
    out.raw(offer.baseKey.view()).u16(offer.kemAlgorithm);
    return sha256(out.written());
}

RootKey rootOf(const SecretBytes& input, std::uint16_t kemAlgorithm)
{
    OctetWriter info;
    info.raw(keyInfo).u8(protocolVersion).u16(kemAlgorithm);
    return hkdfSha256As<RootKey>({}, input.exposeSecret(), info.written());
}

struct Exchange {
    const X25519SecretKey* own;
    const X25519PublicKey* peer;
};

Result<SecretBytes> concatenate(std::initializer_list<Exchange> exchanges)
{
    OctetWriter out(5 * 32);
    out.raw(Bytes(32, '\xff'));
    for (const Exchange& exchange : exchanges) {
        if (exchange.own == nullptr || exchange.peer == nullptr)
            continue;
        KITH_TRY(const SharedSecret shared, agree(*exchange.own, *exchange.peer));
        out.raw(shared.exposeSecret());
    }
    return out.takeSecret();
}

} // namespace

Result<SecretBytes> x3dhInitiatorInput(const X25519SecretKey& ownIdentity, const X25519SecretKey& base,
                                       const X25519PublicKey& peerIdentity, const X25519PublicKey& signedPreKey,
                                       const std::optional<X25519PublicKey>& oneTimePreKey)
{
    return concatenate({{&ownIdentity, &signedPreKey},
                        {&base, &peerIdentity},
                        {&base, &signedPreKey},
                        {&base, oneTimePreKey ? &*oneTimePreKey : nullptr}});
}

Result<SecretBytes> x3dhResponderInput(const X25519SecretKey& ownIdentity, const X25519SecretKey& signedPreKey,
                                       const X25519SecretKey* oneTimePreKey, const X25519PublicKey& peerIdentity,
                                       const X25519PublicKey& base)
{
    return concatenate(
        {{&signedPreKey, &peerIdentity}, {&ownIdentity, &base}, {&signedPreKey, &base}, {oneTimePreKey, &base}});
}

Result<Initiation> initiateHandshake(const OwnDevice& own, const PreKeyBundle& peer, Random& random)
{
    KITH_CHECK(verifyBundle(peer));
    const X25519KeyPair base = generateX25519(random);
    Initiation out;
    out.offer.signedPreKey = peer.signedPreKey.id;
    out.offer.baseKey = base.publicKey;
    std::optional<X25519PublicKey> oneTimeKey;
    if (peer.oneTimePreKey) {
        out.offer.oneTimePreKey = peer.oneTimePreKey->id;
        oneTimeKey = peer.oneTimePreKey->key;
    }
    KITH_TRY(const SecretBytes input, x3dhInitiatorInput(own.agreement.secretKey, base.secretKey,
                                                         peer.device.agreementKey, peer.signedPreKey.key, oneTimeKey));
    out.secret.root = rootOf(input, out.offer.kemAlgorithm);
    out.secret.associated = binding(own.identity, peer.device, out.offer, peer.signedPreKey.key, oneTimeKey);
    return out;
}

Result<HandshakeSecret> respondHandshake(const OwnDevice& own, const DeviceIdentity& peer, const HandshakeOffer& offer,
                                         const PreKeyPair& signedPreKey, const std::optional<PreKeyPair>& oneTimePreKey)
{
    if (offer.kemAlgorithm != 0)
        return Error::make(E2eeError::UnknownVersion, "a handshake with an unknown key encapsulation");
    if (offer.oneTimePreKey.has_value() != oneTimePreKey.has_value())
        return Error::make(E2eeError::MissingPreKey, "the handshake's one-time pre-key is gone");
    KITH_TRY(const SecretBytes input, x3dhResponderInput(own.agreement.secretKey, signedPreKey.pair.secretKey,
                                                         oneTimePreKey ? &oneTimePreKey->pair.secretKey : nullptr,
                                                         peer.agreementKey, offer.baseKey));
    std::optional<X25519PublicKey> oneTimeKey;
    if (oneTimePreKey)
        oneTimeKey = oneTimePreKey->pair.publicKey;
    HandshakeSecret secret;
    secret.root = rootOf(input, offer.kemAlgorithm);
    secret.associated = binding(peer, own.identity, offer, signedPreKey.pair.publicKey, oneTimeKey);
    return secret;
}

} // namespace kith
