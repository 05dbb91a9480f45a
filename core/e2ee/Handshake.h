#pragma once
/// X3DH (Marlinspike and Perrin, rev 1 2016-11-04) between two devices: docs/protocol/e2ee.md, "Handshake". The KEM
/// slot is reserved: algorithm 0 now, its id bound into key and associated data. Pure; thread: any.

#include "core/e2ee/PreKeys.h"
#include "core/e2ee/RatchetState.h"

namespace kith
{

/// What the initiator's first messages carry so that the responder can follow.
struct HandshakeOffer {
    PreKeyId signedPreKey;
    std::optional<PreKeyId> oneTimePreKey;
    X25519PublicKey baseKey;
    std::uint16_t kemAlgorithm = 0;

    friend bool operator==(const HandshakeOffer&, const HandshakeOffer&) = default;
};

/// Both sides' result. `associated` binds every name and key that took part; it goes into every message's AEAD.
struct HandshakeSecret {
    RootKey root;
    Sha256Digest associated;
};

/// The four DH outputs behind 32 octets of 0xFF (X3DH section 2.2), as either side computes them. WeakKey when one of
/// them is all zero.
[[nodiscard]] Result<SecretBytes> x3dhInitiatorInput(const X25519SecretKey& ownIdentity, const X25519SecretKey& base,
                                                     const X25519PublicKey& peerIdentity,
                                                     const X25519PublicKey& signedPreKey,
                                                     const std::optional<X25519PublicKey>& oneTimePreKey);
[[nodiscard]] Result<SecretBytes> x3dhResponderInput(const X25519SecretKey& ownIdentity,
                                                     const X25519SecretKey& signedPreKey,
                                                     const X25519SecretKey* oneTimePreKey,
                                                     const X25519PublicKey& peerIdentity, const X25519PublicKey& base);

struct Initiation {
    HandshakeSecret secret;
    HandshakeOffer offer;
};

/// BadBundle unless the bundle is signed by its device.
[[nodiscard]] Result<Initiation> initiateHandshake(const OwnDevice& own, const PreKeyBundle& peer, Random& random);

/// `signedPreKey` and `oneTimePreKey` are the pairs that `offer` names.
[[nodiscard]] Result<HandshakeSecret> respondHandshake(const OwnDevice& own, const DeviceIdentity& peer,
                                                       const HandshakeOffer& offer, const PreKeyPair& signedPreKey,
                                                       const std::optional<PreKeyPair>& oneTimePreKey);

} // namespace kith
