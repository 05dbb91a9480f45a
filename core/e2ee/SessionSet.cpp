#include "core/e2ee/SessionSet.h"

#include "core/e2ee/E2eeError.h"
#include "core/e2ee/OctetCodec.h"
#include "core/e2ee/ports/PreKeyStore.h"

#include <algorithm>

namespace kith
{
namespace
{

constexpr std::uint8_t formVersion = 1;
constexpr std::size_t leastSessionSize = 188;

bool expired(const RatchetSession& session, WallTime now)
{
    return session.offer && now - session.created > unacknowledgedKept;
}

bool hasChain(const RatchetSession& session, const X25519PublicKey& ratchetKey)
{
    const auto& chains = session.ratchet.receiving;
    return std::any_of(chains.begin(), chains.end(),
                       [&](const ReceiveChain& chain) { return chain.ratchetKey == ratchetKey; });
}

void encodeSession(OctetWriter& out, const RatchetSession& session)
{
    out.raw(session.associated.view()).raw(session.baseKey.view());
    out.flag(session.offer.has_value());
    if (session.offer)
        encodeOffer(out, *session.offer);
    out.time(session.created);
    out.time(session.lastReceived);
    encodeRatchet(out, session.ratchet);
}

std::optional<RatchetSession> decodeSession(OctetReader& in)
{
    RatchetSession session;
    session.associated = in.octets<Sha256Digest>();
    session.baseKey = in.octets<X25519PublicKey>();
    if (in.flag())
        session.offer = decodeOffer(in);
    session.created = in.time();
    session.lastReceived = in.time();
    auto ratchet = decodeRatchet(in);
    if (!ratchet)
        return std::nullopt;
    session.ratchet = std::move(*ratchet);
    return session;
}

} // namespace

RatchetSession RatchetSession::clone() const
{
    return {ratchet.clone(), associated, baseKey, offer, created, lastReceived};
}

SessionSet SessionSet::clone() const
{
    SessionSet copy;
    copy.peerKey_ = peerKey_;
    copy.incarnation_ = incarnation_;
    copy.sessions_.reserve(sessions_.size());
    for (const RatchetSession& session : sessions_)
        copy.sessions_.push_back(session.clone());
    copy.lastFresh_ = lastFresh_;
    copy.failures_ = failures_;
    copy.wantsFresh_ = wantsFresh_;
    return copy;
}

bool SessionSet::belongsTo(const DeviceIdentity& peer) const
{
    return peerKey_ == peer.agreementKey && incarnation_ == peer.incarnation;
}

bool SessionSet::canSeal(WallTime now) const
{
    return !sessions_.empty() && !expired(sessions_.front(), now) && sessions_.front().ratchet.sendKey.has_value();
}

void SessionSet::activate(RatchetSession session, WallTime now)
{
    std::erase_if(sessions_, [&](const RatchetSession& old) {
        return old.baseKey == session.baseKey || expired(old, now) ||
               now - std::max(old.created, old.lastReceived) > skippedKept;
    });
    sessions_.insert(sessions_.begin(), std::move(session));
    if (sessions_.size() > maxSessions)
        sessions_.erase(sessions_.begin() + maxSessions, sessions_.end());
}

Result<SessionSet> SessionSet::start(const OwnDevice& own, const PreKeyBundle& bundle, WallTime now,
                                     Random& random) const
{
    KITH_TRY(Initiation initiation, initiateHandshake(own, bundle, random));
    RatchetSession session;
    KITH_TRY(session.ratchet,
             KithRatchet::initiate(initiation.secret.root, std::nullopt, bundle.signedPreKey.key, now, random));
    session.associated = initiation.secret.associated;
    session.baseKey = initiation.offer.baseKey;
    session.offer = initiation.offer;
    session.created = now;
    session.lastReceived = now;
    SessionSet next = belongsTo(bundle.device) ? clone() : SessionSet(bundle.device);
    if (!next.sessions_.empty())
        next.lastFresh_ = now; // a repair; the first session of all may be repaired at once
    next.activate(std::move(session), now);
    next.failures_ = 0;
    next.wantsFresh_ = false;
    return next;
}

Result<SessionSet::Sealed> SessionSet::seal(ByteView plaintext, WallTime now) const
{
    if (!canSeal(now))
        return Error::make(E2eeError::MissingSession, "no session with this device");
    const RatchetSession& active = sessions_.front();
    KITH_TRY(auto sealed, KithRatchet::encrypt(active.ratchet, active.associated.view(), plaintext));
    Sealed out;
    out.next = clone();
    out.next.sessions_.front().ratchet = std::move(sealed.next);
    out.envelope =
        active.offer ? encodePreKeyEnvelope(*active.offer, sealed.message) : encodeRatchetEnvelope(sealed.message);
    return out;
}

Result<SessionSet::Opened> SessionSet::open(const OwnDevice& own, const DeviceIdentity& peer, ByteView envelope,
                                            const PreKeyStore& preKeys, SkipAllowance allowance, WallTime now,
                                            Random& random) const
{
    KITH_TRY(const ParsedEnvelope parsed, parseEnvelope(envelope));
    if (!parsed.offer)
        return openKnown(parsed.ratchetMessage, allowance, now, random);
    const auto known = std::find_if(sessions_.begin(), sessions_.end(),
                                    [&](const RatchetSession& s) { return s.baseKey == parsed.offer->baseKey; });
    if (known != sessions_.end())
        return openWith(static_cast<std::size_t>(known - sessions_.begin()), parsed.ratchetMessage, allowance, now,
                        random);
    return openNew(own, peer, parsed, preKeys, allowance, now, random);
}

Result<SessionSet::Opened> SessionSet::openKnown(ByteView message, SkipAllowance allowance, WallTime now,
                                                 Random& random) const
{
    KITH_TRY(const auto header, KithProfile::parse(message));
    const auto owner = std::find_if(sessions_.begin(), sessions_.end(), [&](const RatchetSession& session) {
        return hasChain(session, header.ratchetKey);
    });
    if (owner != sessions_.end())
        return openWith(static_cast<std::size_t>(owner - sessions_.begin()), message, allowance, now, random);
    for (std::size_t i = 0; i < sessions_.size(); ++i) {
        auto opened = openWith(i, message, allowance, now, random);
        if (opened)
            return opened;
    }
    return Error::make(E2eeError::NotDecryptable, "no session opens this message");
}

Result<SessionSet::Opened> SessionSet::openWith(std::size_t index, ByteView message, SkipAllowance allowance,
                                                WallTime now, Random& random) const
{
    const RatchetSession& session = sessions_[index];
    KITH_TRY(auto opened,
             KithRatchet::decrypt(session.ratchet, session.associated.view(), message, allowance, now, random));
    RatchetSession advanced{std::move(opened.next), session.associated, session.baseKey,
                            std::nullopt,           session.created,    now};
    Opened out;
    out.next = clone();
    out.next.activate(std::move(advanced), now);
    out.next.failures_ = 0;
    out.plaintext = std::move(opened.plaintext);
    return out;
}

Result<SessionSet::Opened> SessionSet::openNew(const OwnDevice& own, const DeviceIdentity& peer,
                                               const ParsedEnvelope& parsed, const PreKeyStore& preKeys,
                                               SkipAllowance allowance, WallTime now, Random& random) const
{
    const HandshakeOffer& offer = *parsed.offer;
    if (!offer.oneTimePreKey) {
        KITH_TRY(const bool seen, preKeys.baseKeySeen(offer.signedPreKey, offer.baseKey));
        if (seen)
            return Error::make(E2eeError::SeenBefore, "this handshake was answered before");
    }
    KITH_TRY(const auto signedPreKey, preKeys.signedPreKey(offer.signedPreKey));
    if (!signedPreKey)
        return Error::make(E2eeError::MissingPreKey, "the handshake's signed pre-key is gone");
    std::optional<PreKeyPair> oneTime;
    if (offer.oneTimePreKey) {
        KITH_TRY(oneTime, preKeys.oneTimePreKey(*offer.oneTimePreKey));
    }
    KITH_TRY(const HandshakeSecret secret, respondHandshake(own, peer, offer, *signedPreKey, oneTime));
    const RatchetState fresh = KithRatchet::respond(secret.root, std::nullopt, signedPreKey->pair);
    KITH_TRY(auto opened,
             KithRatchet::decrypt(fresh, secret.associated.view(), parsed.ratchetMessage, allowance, now, random));
    RatchetSession session{std::move(opened.next), secret.associated, offer.baseKey, std::nullopt, now, now};
    Opened out;
    out.next = belongsTo(peer) ? clone() : SessionSet(peer);
    out.next.activate(std::move(session), now);
    out.next.failures_ = 0;
    out.plaintext = std::move(opened.plaintext);
    out.usedOneTimePreKey = offer.oneTimePreKey;
    if (!offer.oneTimePreKey)
        out.seenHandshake = offer;
    return out;
}

SessionSet SessionSet::askFresh(WallTime now) const
{
    SessionSet next = clone();
    if (lastFresh_ == WallTime{} || now - lastFresh_ >= freshSessionInterval) {
        next.wantsFresh_ = true;
        next.failures_ = 0;
    }
    return next;
}

SessionSet SessionSet::afterFailure(WallTime now) const
{
    SessionSet next = failures_ + 1U >= failuresBeforeFresh ? askFresh(now) : clone();
    if (!next.wantsFresh_ && next.failures_ < failuresBeforeFresh)
        ++next.failures_;
    return next;
}

SessionSet SessionSet::afterResendRequest(WallTime now) const
{
    return askFresh(now);
}

SecretBytes SessionSet::encode() const
{
    OctetWriter out(1024);
    out.u8(formVersion).raw(peerKey_.view()).raw(incarnation_.view());
    out.time(lastFresh_).u8(failures_).flag(wantsFresh_);
    out.u16(static_cast<std::uint16_t>(sessions_.size()));
    for (const RatchetSession& session : sessions_)
        encodeSession(out, session);
    return out.takeSecret();
}

Result<SessionSet> SessionSet::decode(ByteView stored)
{
    OctetReader in(stored);
    if (in.u8() != formVersion)
        return Error::make(E2eeError::StateDamaged, "unknown form of session state");
    SessionSet set;
    set.peerKey_ = in.octets<X25519PublicKey>();
    set.incarnation_ = in.id<Incarnation>();
    set.lastFresh_ = in.time();
    set.failures_ = in.u8();
    set.wantsFresh_ = in.flag();
    const std::size_t count = in.count16(maxSessions, leastSessionSize);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        auto session = decodeSession(in);
        if (session)
            set.sessions_.push_back(std::move(*session));
    }
    if (!in.finished() || set.failures_ > failuresBeforeFresh)
        return Error::make(E2eeError::StateDamaged, "stored session state does not parse");
    return set;
}

} // namespace kith
