#include "tests/support/signal/SignalSession.h"

#include "core/crypto/Hkdf.h"

namespace kith::test
{
namespace
{

using namespace std::string_view_literals;

constexpr char versionOctet = '\x34';

} // namespace

Bytes encodePreKeyMessage(const SignalOffer& offer, ByteView message)
{
    Bytes out(1, versionOctet);
    if (offer.preKeyId)
        appendVarintField(out, 1, *offer.preKeyId);
    appendBytesField(out, 2, signalKey(offer.baseKey));
    appendBytesField(out, 3, signalKey(offer.identityKey));
    appendBytesField(out, 4, message);
    appendVarintField(out, 5, offer.registrationId);
    appendVarintField(out, 6, offer.signedPreKeyId);
    return out;
}

std::optional<SignalPreKeyMessage> parsePreKeyMessage(ByteView bytes)
{
    if (bytes.empty() || bytes[0] != versionOctet)
        return std::nullopt;
    const auto fields = parseFields(bytes.substr(1));
    if (!fields)
        return std::nullopt;
    SignalPreKeyMessage out;
    for (const SignalField& field : *fields) {
        const auto number = static_cast<std::uint32_t>(field.varint);
        const auto key = fromSignalKey(field.bytes);
        if (field.number == 1)
            out.offer.preKeyId = number;
        else if (field.number == 2 && key)
            out.offer.baseKey = *key;
        else if (field.number == 3 && key)
            out.offer.identityKey = *key;
        else if (field.number == 4)
            out.message = Bytes(field.bytes);
        else if (field.number == 5)
            out.offer.registrationId = number;
        else if (field.number == 6)
            out.offer.signedPreKeyId = number;
    }
    return out;
}

std::pair<RootKey, ChainKey> signalHandshake(const SecretBytes& input)
{
    using Pair = FixedSecret<struct SignalHandshakeTag, 64>;
    const Pair derived = hkdfSha256As<Pair>({}, input.exposeSecret(), "WhisperText"sv);
    return {RootKey::sliceOf(derived.exposeSecret(), 0), ChainKey::sliceOf(derived.exposeSecret(), 32)};
}

Result<SignalSession> SignalSession::initiateFrom(const SecretBytes& input, const X25519PublicKey& ownIdentity,
                                                  const X25519PublicKey& peerIdentity,
                                                  const X25519PublicKey& signedPreKey, SignalOffer offer,
                                                  Random& random)
{
    auto [root, chain] = signalHandshake(input);
    SignalSession session;
    KITH_TRY(session.state_, SignalRatchet::initiate(root, std::move(chain), signedPreKey, {}, random));
    session.outgoing_ = signalKey(ownIdentity) + signalKey(peerIdentity);
    session.incoming_ = signalKey(peerIdentity) + signalKey(ownIdentity);
    session.offer_ = offer;
    return session;
}

Result<SignalSession> SignalSession::initiate(const X25519KeyPair& ownIdentity, const Bundle& peer,
                                              std::uint32_t ownRegistrationId, Random& random)
{
    const X25519KeyPair base = generateX25519(random);
    std::optional<X25519PublicKey> oneTime;
    SignalOffer offer{std::nullopt, peer.signedPreKeyId, ownRegistrationId, base.publicKey, ownIdentity.publicKey};
    if (peer.preKey) {
        offer.preKeyId = peer.preKey->first;
        oneTime = peer.preKey->second;
    }
    KITH_TRY(const SecretBytes input,
             x3dhInitiatorInput(ownIdentity.secretKey, base.secretKey, peer.identityKey, peer.signedPreKey, oneTime));
    return initiateFrom(input, ownIdentity.publicKey, peer.identityKey, peer.signedPreKey, offer, random);
}

Result<SignalSession> SignalSession::respond(const X25519KeyPair& ownIdentity, const X25519KeyPair& signedPreKey,
                                             const X25519KeyPair* oneTimePreKey, const SignalOffer& offer)
{
    KITH_TRY(const SecretBytes input, x3dhResponderInput(ownIdentity.secretKey, signedPreKey.secretKey,
                                                         oneTimePreKey != nullptr ? &oneTimePreKey->secretKey : nullptr,
                                                         offer.identityKey, offer.baseKey));
    auto [root, chain] = signalHandshake(input);
    SignalSession session;
    session.state_ = SignalRatchet::respond(root, std::move(chain), signedPreKey);
    session.outgoing_ = signalKey(ownIdentity.publicKey) + signalKey(offer.identityKey);
    session.incoming_ = signalKey(offer.identityKey) + signalKey(ownIdentity.publicKey);
    return session;
}

Result<SignalSession::Message> SignalSession::encrypt(ByteView plaintext)
{
    KITH_TRY(auto sealed, SignalRatchet::encrypt(state_, outgoing_, plaintext));
    state_ = std::move(sealed.next);
    if (offer_)
        return Message{true, encodePreKeyMessage(*offer_, sealed.message)};
    return Message{false, std::move(sealed.message)};
}

Result<SecretBytes> SignalSession::decrypt(ByteView message, Random& random)
{
    KITH_TRY(auto opened, SignalRatchet::decrypt(state_, incoming_, message, {}, {}, random));
    state_ = std::move(opened.next);
    offer_.reset();
    return std::move(opened.plaintext);
}

} // namespace kith::test
