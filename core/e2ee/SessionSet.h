#pragma once
/// All sessions with one device, after Sesame (rev 2, 2017-04-14): the active one first, a few older ones that still
/// open what is under way. A value: every function returns the next set. Thread: any; stored by ports/SessionStore.

#include "core/e2ee/EnvelopeCodec.h"
#include "core/e2ee/KithRatchet.h"

namespace kith
{

class PreKeyStore;

constexpr std::size_t maxSessions = 5;                    ///< One active, four archived.
constexpr std::chrono::hours unacknowledgedKept{30 * 24}; ///< A session that the peer never answered ends then.
constexpr unsigned failuresBeforeFresh = 3;               ///< Then the next message starts a fresh session ...
constexpr std::chrono::hours freshSessionInterval{1};     ///< ... but not more often than this.

struct RatchetSession {
    RatchetState ratchet;
    Sha256Digest associated;             ///< HandshakeSecret::associated.
    X25519PublicKey baseKey;             ///< The initiator's; names the session on both sides.
    std::optional<HandshakeOffer> offer; ///< The initiator repeats it until the first answer.
    WallTime created;
    WallTime lastReceived;

    [[nodiscard]] RatchetSession clone() const;
};

class SessionSet
{
public:
    struct Sealed;
    struct Opened;

    SessionSet() = default;
    /// Empty, for the device as its certificate describes it now.
    explicit SessionSet(const DeviceIdentity& peer) : peerKey_(peer.agreementKey), incarnation_(peer.incarnation) {}

    [[nodiscard]] SessionSet clone() const;

    /// These sessions are with exactly that device (key and incarnation); otherwise they are worthless.
    [[nodiscard]] bool belongsTo(const DeviceIdentity& peer) const;
    [[nodiscard]] bool canSeal(WallTime now) const;
    /// Nothing to seal with, or repair asked for a fresh session: fetch a bundle and call start().
    [[nodiscard]] bool wantsBundle(WallTime now) const { return wantsFresh_ || !canSeal(now); }
    [[nodiscard]] const std::vector<RatchetSession>& sessions() const { return sessions_; }

    /// A new active session as initiator. BadBundle, WeakKey.
    [[nodiscard]] Result<SessionSet> start(const OwnDevice& own, const PreKeyBundle& bundle, WallTime now,
                                           Random& random) const;
    /// With the active session. MissingSession when canSeal() is false.
    [[nodiscard]] Result<Sealed> seal(ByteView plaintext, WallTime now) const;
    /// Whatever fails, nothing changed. A message that opens makes its session the active one, so that two devices that
    /// started sessions at the same time converge.
    [[nodiscard]] Result<Opened> open(const OwnDevice& own, const DeviceIdentity& peer, ByteView envelope,
                                      const PreKeyStore& preKeys, SkipAllowance allowance, WallTime now,
                                      Random& random) const;

    /// A message could not be opened: counts, and after failuresBeforeFresh asks for a fresh session.
    [[nodiscard]] SessionSet afterFailure(WallTime now) const;
    /// The peer says that it could not open ours: asks for a fresh session, at most once in freshSessionInterval.
    [[nodiscard]] SessionSet afterResendRequest(WallTime now) const;

    [[nodiscard]] SecretBytes encode() const;
    /// StateDamaged for anything that encode() does not write.
    [[nodiscard]] static Result<SessionSet> decode(ByteView stored);

private:
    [[nodiscard]] Result<Opened> openKnown(ByteView message, SkipAllowance allowance, WallTime now,
                                           Random& random) const;
    [[nodiscard]] Result<Opened> openNew(const OwnDevice& own, const DeviceIdentity& peer, const ParsedEnvelope& parsed,
                                         const PreKeyStore& preKeys, SkipAllowance allowance, WallTime now,
                                         Random& random) const;
    [[nodiscard]] Result<Opened> openWith(std::size_t index, ByteView message, SkipAllowance allowance, WallTime now,
                                          Random& random) const;
    void activate(RatchetSession session, WallTime now);
    [[nodiscard]] SessionSet askFresh(WallTime now) const;

    X25519PublicKey peerKey_;
    Incarnation incarnation_;
    std::vector<RatchetSession> sessions_; ///< Active first; at most maxSessions.
    WallTime lastFresh_;
    std::uint8_t failures_ = 0;
    bool wantsFresh_ = false;
};

struct SessionSet::Sealed {
    SessionSet next;
    Bytes envelope;
};

struct SessionSet::Opened {
    SessionSet next;
    SecretBytes plaintext;
    std::optional<PreKeyId> usedOneTimePreKey;   ///< Delete it in the same transaction.
    std::optional<HandshakeOffer> seenHandshake; ///< Started without a one-time pre-key: remember its base key.
};

} // namespace kith
