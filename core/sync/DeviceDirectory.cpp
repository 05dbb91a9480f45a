#include "core/sync/DeviceDirectory.h"

#include "core/crypto/Hash.h"
#include "core/e2ee/StateChange.h"

namespace kith
{

Result<const DeviceManifest*> DeviceDirectory::manifest(UserId user)
{
    const auto found = parsed_.find(user);
    if (found != parsed_.end())
        return &found->second;
    KITH_TRY(const auto known, context_.store.identities().identity(user));
    if (!known)
        return static_cast<const DeviceManifest*>(nullptr);
    wire::SignedDeviceManifest stored;
    if (!stored.ParseFromString(known->signedManifest))
        return Error::make(StoreError::Damaged, "a stored device list cannot be read");
    KITH_TRY(DeviceManifest manifest, readManifest(stored, context_.now()));
    return &parsed_.insert_or_assign(user, std::move(manifest)).first->second;
}

Result<std::optional<DeviceIdentity>> DeviceDirectory::device(UserId user, DeviceId device)
{
    KITH_TRY(const DeviceManifest* known, manifest(user));
    const DeviceIdentity* found = known != nullptr ? known->find(device) : nullptr;
    return found != nullptr ? std::optional(*found) : std::optional<DeviceIdentity>();
}

Result<bool> DeviceDirectory::learn(UserId user, const wire::SignedDeviceManifest& signedManifest,
                                    const std::optional<Bytes>& pinned)
{
    KITH_TRY(const DeviceManifest offered, readManifest(signedManifest, context_.now()));
    if (offered.user != user)
        return Error::make(ManifestError::BadList, "the server answered with somebody else's device list");
    KITH_TRY(const DeviceManifest* current, manifest(user));
    const auto accepted =
        acceptsManifest(current != nullptr ? std::optional(*current) : std::optional<DeviceManifest>(), offered);
    if (!accepted) {
        if (accepted.error().is(ManifestError::IdentityChanged))
            KITH_CHECK(offerKey(user, offered));
        return accepted.error();
    }
    if (!*accepted)
        return false;
    KnownIdentity known;
    if (current != nullptr) {
        KITH_TRY(const auto stored, context_.store.identities().identity(user));
        known.verification = stored ? stored->verification : Verification::None;
    } else if (pinned) {
        if (sha256(offered.identityKey.view()).view() != *pinned)
            return Error::make(ManifestError::IdentityChanged, "the server shows another identity key than the link");
        known.verification = Verification::ByLink;
    }
    KITH_CHECK(keep(offered, signedManifest, known));
    return true;
}

Result<void> DeviceDirectory::keep(const DeviceManifest& manifest, const wire::SignedDeviceManifest& received,
                                   const KnownIdentity& known)
{
    KnownIdentity next = known;
    next.identityKey = manifest.identityKey;
    next.manifestVersion = manifest.version;
    next.signedManifest = received.SerializeAsString();
    KITH_TRY(const auto change, context_.crypto.devicesChanged(manifest.user, manifest.devices, context_.now()));
    KITH_CHECK(context_.store.write([&]() -> Result<void> {
        KITH_CHECK(context_.store.identities().saveIdentity(manifest.user, next));
        return applyChange(change.change, context_.store.sessions(), context_.store.preKeys());
    }));
    parsed_.insert_or_assign(manifest.user, manifest);
    return {};
}

Result<void> DeviceDirectory::offerKey(UserId user, const DeviceManifest& manifest)
{
    return context_.store.write(
        [&] { return context_.store.contacts().setOfferedKey(user, manifest.identityKey.view()); });
}

void DeviceDirectory::fetch(UserId user, Completion<bool> done)
{
    auto& waiting = fetching_[user];
    waiting.push_back(std::move(done));
    if (waiting.size() > 1)
        return;
    wire::ListDevicesRequest request;
    request.set_user_id(user.bytes());
    if (const auto known = manifest(user); known && *known != nullptr)
        request.set_after_version((*known)->version);
    context_.connection.call<wire::ListDevicesRequest, wire::ListDevicesResponse>(
        wire::LIST_DEVICES, request, [this, user](Result<wire::ListDevicesResponse> answer) {
            const Result<bool> outcome = fetched(user, answer);
            const auto callers = std::exchange(fetching_[user], {});
            fetching_.erase(user);
            for (const Completion<bool>& caller : callers)
                caller(outcome);
        });
}

Result<bool> DeviceDirectory::fetched(UserId user, const Result<wire::ListDevicesResponse>& answer)
{
    if (!answer)
        return answer.error();
    bool news = false;
    for (const wire::SignedDeviceManifest& manifest : answer->manifests()) {
        KITH_TRY(const bool learnt, learn(user, manifest));
        news = news || learnt;
    }
    return news;
}

} // namespace kith
