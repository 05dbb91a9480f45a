#include "core/e2ee/DirectCrypto.h"

#include "core/e2ee/E2eeError.h"

#include <algorithm>
#include <array>

namespace kith
{
namespace
{

constexpr std::string_view e2eeDomain = ErrorTraits<E2eeError>::domain;

bool isE2ee(const Error& error)
{
    return error.domain == e2eeDomain || error.domain == "crypto";
}

const PreKeyBundle* bundleFor(const DeviceIdentity& device, const std::vector<PreKeyBundle>& bundles)
{
    const auto found = std::find_if(bundles.begin(), bundles.end(),
                                    [&](const PreKeyBundle& bundle) { return bundle.device.sameDeviceAs(device); });
    return found == bundles.end() ? nullptr : &*found;
}

Lost::Reason reasonOf(BodyFault fault)
{
    switch (fault) {
    case BodyFault::WrongBody:
        return Lost::Reason::WrongBody;
    case BodyFault::WrongCommitment:
        return Lost::Reason::WrongCommitment;
    case BodyFault::Damaged:
        return Lost::Reason::Damaged;
    }
    return Lost::Reason::Damaged;
}

OpenResult waitingFor(Waiting::Need need)
{
    return {Waiting{need}, {}};
}

/// An envelope that did not open: final where its key is gone, else repairable; the peer learns only that we ask again.
OpenResult unopened(const Error& error, const DeviceAddress& sender, const SessionSet& set, WallTime now)
{
    if (error.is(E2eeError::KeyGone) || error.is(E2eeError::SeenBefore))
        return {Lost{Lost::Reason::Replayed}, {}};
    if (error.is(E2eeError::UnknownVersion))
        return waitingFor(Waiting::Need::Update);
    OpenResult result = waitingFor(Waiting::Need::Resend);
    result.change.sessions.push_back({sender, set.afterFailure(now)});
    return result;
}

} // namespace

Result<SessionSet> DirectCrypto::sessionsWith(const DeviceIdentity& peer) const
{
    KITH_TRY(const auto stored, sessions_.loadSessions(peer.address()));
    if (!stored)
        return SessionSet(peer);
    KITH_TRY(SessionSet set, SessionSet::decode(stored->exposeSecret()));
    if (!set.belongsTo(peer))
        return SessionSet(peer);
    return set;
}

Result<SealedMore> DirectCrypto::sealSecret(ByteView secret, const std::vector<DeviceIdentity>& devices,
                                            const std::vector<PreKeyBundle>& bundles, WallTime now) const
{
    SealedMore out;
    for (const DeviceIdentity& device : devices) {
        if (device.address() == own_.identity.address())
            continue;
        KITH_TRY(SessionSet set, sessionsWith(device));
        const PreKeyBundle* bundle = bundleFor(device, bundles);
        if (bundle != nullptr && set.wantsBundle(now)) {
            auto started = set.start(own_, *bundle, now, random_);
            if (started)
                set = std::move(*started);
        }
        if (!set.canSeal(now)) {
            out.withoutEnvelope.push_back(device.address());
            continue;
        }
        KITH_TRY(auto sealed, set.seal(secret, now));
        out.envelopes.push_back({device.address(), std::move(sealed.envelope)});
        out.change.sessions.push_back({device.address(), std::move(sealed.next)});
    }
    return out;
}

Result<Sealed> DirectCrypto::seal(const SealRequest& request)
{
    KITH_TRY(SealedBody body, sealBody(request.row, request.claim, request.content, random_));
    Sealed out;
    out.contentSecret = body.secret.encode();
    KITH_TRY(SealedMore more,
             sealSecret(out.contentSecret.exposeSecret(), request.devices, request.bundles, request.now));
    out.body = std::move(body.body);
    out.commitment = body.secret.commitment;
    out.frankingKey = std::move(body.frankingKey);
    out.envelopes = std::move(more.envelopes);
    out.withoutEnvelope = std::move(more.withoutEnvelope);
    out.change = std::move(more.change);
    return out;
}

Result<SealedMore> DirectCrypto::sealForMore(const SealMoreRequest& request)
{
    KITH_CHECK(ContentSecret::decode(request.contentSecret));
    return sealSecret(request.contentSecret, request.devices, request.bundles, request.now);
}

Result<OpenResult> DirectCrypto::open(const OpenRequest& request)
{
    if (request.envelope.empty())
        return waitingFor(Waiting::Need::Resend);
    if (!request.sender || request.sender->address() != request.row.sender)
        return waitingFor(Waiting::Need::DeviceList);
    KITH_TRY(const SessionSet set, sessionsWith(*request.sender));
    auto opened = set.open(own_, *request.sender, request.envelope, preKeys_, request.allowance, request.now, random_);
    if (!opened && isE2ee(opened.error()))
        return unopened(opened.error(), request.row.sender, set, request.now);
    if (!opened)
        return std::move(opened).error();

    OpenResult result;
    result.change.sessions.push_back({request.row.sender, std::move(opened->next)});
    if (opened->usedOneTimePreKey)
        result.change.usedOneTimePreKeys.push_back(*opened->usedOneTimePreKey);
    if (opened->seenHandshake)
        result.change.seenHandshakes.push_back(*opened->seenHandshake);
    const auto secret = ContentSecret::decode(opened->plaintext.exposeSecret());
    if (!secret) {
        result.outcome = Lost{Lost::Reason::Damaged};
        return result;
    }
    OpenedBody body = openBody(request.row, request.body, request.commitment, *secret);
    if (body.fault)
        result.outcome = Lost{reasonOf(*body.fault)};
    else
        result.outcome = Opened{std::move(body.content), *request.sender, body.claim, std::move(body.frankingKey)};
    return result;
}

Result<DevicesChange> DirectCrypto::devicesChanged(const UserId& user, const std::vector<DeviceIdentity>& devices,
                                                   WallTime now)
{
    DevicesChange out;
    KITH_TRY(const auto known, sessions_.devicesWithSessions(user));
    for (const DeviceAddress& address : known) {
        const bool listed = std::any_of(devices.begin(), devices.end(),
                                        [&](const DeviceIdentity& device) { return device.address() == address; });
        if (!listed)
            out.change.sessions.push_back({address, std::nullopt});
    }
    for (const DeviceIdentity& device : devices) {
        if (device.address() == own_.identity.address())
            continue;
        KITH_TRY(const SessionSet set, sessionsWith(device));
        const bool replaced =
            set.sessions().empty() && std::find(known.begin(), known.end(), device.address()) != known.end();
        if (replaced)
            out.change.sessions.push_back({device.address(), std::nullopt});
        if (set.wantsBundle(now))
            out.wanted.push_back(device.address());
    }
    return out;
}

Result<StateChange> DirectCrypto::resendWanted(const DeviceAddress& device, WallTime now)
{
    StateChange change;
    KITH_TRY(const auto stored, sessions_.loadSessions(device));
    if (!stored)
        return change;
    KITH_TRY(const SessionSet set, SessionSet::decode(stored->exposeSecret()));
    change.sessions.push_back({device, set.afterResendRequest(now)});
    return change;
}

} // namespace kith
