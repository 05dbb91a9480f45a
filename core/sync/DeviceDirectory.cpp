#include "core/sync/DeviceDirectory.h"

#include "core/e2ee/IdentityTrust.h"
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

void DeviceDirectory::learn(UserId user, std::vector<wire::SignedDeviceManifest> lists, Completion<bool> done)
{
    const Result<bool> learnt = learnAll(user, lists);
    if (learnt || !learnt.error().is(ManifestError::Gap))
        return done(learnt);
    fetch(user, [this, user, lists = std::move(lists), done = std::move(done)](const Result<bool>& fetched) {
        // Still a gap: the server shows a list that it does not lead to.
        done(fetched ? learnAll(user, lists) : fetched);
    });
}

Result<bool> DeviceDirectory::learnAll(UserId user, std::span<const wire::SignedDeviceManifest> lists)
{
    if (lists.size() > listsAtOnce)
        return Error::make(wire::WireCode::TooLarge, "the server sent more device lists than an answer holds");
    bool news = false;
    for (const wire::SignedDeviceManifest& list : lists) {
        const Result<bool> learnt = learnOne(user, list);
        // Passed already, by another answer; where the last of them is old too, the server goes back.
        if (!learnt && (!learnt.error().is(ManifestError::Older) || &list == &lists.back()))
            return learnt.error();
        news = news || (learnt && *learnt);
    }
    return news;
}

Result<bool> DeviceDirectory::learnOne(UserId user, const wire::SignedDeviceManifest& signedManifest)
{
    KITH_TRY(const DeviceManifest offered, readManifest(signedManifest, context_.now()));
    if (offered.user != user)
        return Error::make(ManifestError::BadList, "the server answered with somebody else's device list");
    KITH_TRY(const DeviceManifest* known, manifest(user));
    const auto current = known != nullptr ? std::optional(*known) : std::optional<DeviceManifest>();
    const auto accepted = acceptsManifest(current, offered);
    if (!accepted) {
        if (!accepted.error().is(ManifestError::IdentityChanged))
            return accepted.error();
        KITH_CHECK(offerKey(user, offered));
        return identityChanged(identityFingerprint(current->identityKey), identityFingerprint(offered.identityKey));
    }
    if (!*accepted)
        return false;
    KITH_TRY(const auto stored, context_.store.identities().identity(user));
    KITH_CHECK(keep(offered, signedManifest, stored.value_or(KnownIdentity{})));
    for (const DeviceIdentity& device : differenceOf(current, offered).added) {
        if (added_)
            context_.executor.post([this, address = device.address()] { added_(address); });
    }
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
    if (waiting.size() == 1)
        askLists(user, false);
}

/// `news`: earlier pages of this fetch brought some.
void DeviceDirectory::askLists(UserId user, bool news)
{
    wire::ListDevicesRequest request;
    request.set_user_id(user.bytes());
    if (const auto known = manifest(user); known && *known != nullptr)
        request.set_after_version((*known)->version);
    context_.connection.call<wire::ListDevicesRequest, wire::ListDevicesResponse>(
        wire::LIST_DEVICES, request, [this, user, news](Result<wire::ListDevicesResponse> answer) {
            if (!answer)
                return fetched(user, answer.error());
            const std::vector<wire::SignedDeviceManifest> lists(answer->manifests().begin(), answer->manifests().end());
            const Result<bool> learnt = learnAll(user, lists);
            if (learnt && *learnt && lists.size() == listsAtOnce)
                return askLists(user, true); // each page moves the known version on, so this ends
            fetched(user, learnt && news ? Result<bool>(true) : learnt);
        });
}

void DeviceDirectory::fetched(UserId user, const Result<bool>& outcome)
{
    const auto callers = std::exchange(fetching_[user], {});
    fetching_.erase(user);
    for (const Completion<bool>& caller : callers)
        caller(outcome);
}

} // namespace kith
