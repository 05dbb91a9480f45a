#pragma once
/// One Signal-v3 session: X3DH without KEM over our shared DH computation, then SignalRatchet, and the forms of both
/// message types. For vectors and for talking to a live peer. Owned by a test. Thread: one.

#include "core/e2ee/Handshake.h"
#include "tests/support/signal/SignalProfile.h"

namespace kith::test
{

/// What a pre-key message carries beside the ratchet message.
struct SignalOffer {
    std::optional<std::uint32_t> preKeyId;
    std::uint32_t signedPreKeyId = 0;
    std::uint32_t registrationId = 0;
    X25519PublicKey baseKey;
    X25519PublicKey identityKey; ///< The initiator's.
};

struct SignalPreKeyMessage {
    SignalOffer offer;
    Bytes message;
};
[[nodiscard]] Bytes encodePreKeyMessage(const SignalOffer& offer, ByteView message);
[[nodiscard]] std::optional<SignalPreKeyMessage> parsePreKeyMessage(ByteView bytes);

/// The first root key and the responder's first chain, from the concatenated DH outputs.
[[nodiscard]] std::pair<RootKey, ChainKey> signalHandshake(const SecretBytes& input);

class SignalSession
{
public:
    /// What a peer published.
    struct Bundle {
        X25519PublicKey identityKey;
        std::uint32_t signedPreKeyId = 0;
        X25519PublicKey signedPreKey;
        std::optional<std::pair<std::uint32_t, X25519PublicKey>> preKey;
    };

    [[nodiscard]] static Result<SignalSession> initiate(const X25519KeyPair& ownIdentity, const Bundle& peer,
                                                        std::uint32_t ownRegistrationId, Random& random);
    [[nodiscard]] static Result<SignalSession> respond(const X25519KeyPair& ownIdentity,
                                                       const X25519KeyPair& signedPreKey,
                                                       const X25519KeyPair* oneTimePreKey, const SignalOffer& offer);
    /// From the shared secret itself, for vectors that do not list the base key's private half.
    [[nodiscard]] static Result<SignalSession>
    initiateFrom(const SecretBytes& input, const X25519PublicKey& ownIdentity, const X25519PublicKey& peerIdentity,
                 const X25519PublicKey& signedPreKey, SignalOffer offer, Random& random);

    struct Message {
        bool preKey = false;
        Bytes bytes;
    };
    [[nodiscard]] Result<Message> encrypt(ByteView plaintext);
    /// `message` without the pre-key part. Nothing changes on failure.
    [[nodiscard]] Result<SecretBytes> decrypt(ByteView message, Random& random);
    [[nodiscard]] const RatchetState& state() const { return state_; }

private:
    RatchetState state_;
    Bytes outgoing_; ///< Own identity | peer identity.
    Bytes incoming_;
    std::optional<SignalOffer> offer_;
};

} // namespace kith::test
