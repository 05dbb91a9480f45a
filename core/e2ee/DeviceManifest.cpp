#include "core/e2ee/DeviceManifest.h"

#include "core/crypto/Sign.h"

#include <algorithm>
#include <set>

namespace kith
{
namespace
{

Error failed(ManifestError code, const char* detail)
{
    return Error::make(code, detail);
}

} // namespace

std::string_view ErrorTraits<ManifestError>::name(ManifestError code)
{
    switch (code) {
    case ManifestError::BadSignature:
        return "bad_signature";
    case ManifestError::Older:
        return "older";
    case ManifestError::Forked:
        return "forked";
    case ManifestError::Gap:
        return "gap";
    case ManifestError::BrokenLink:
        return "broken_link";
    case ManifestError::UnknownAuthor:
        return "unknown_author";
    case ManifestError::RevokedAuthor:
        return "revoked_author";
    case ManifestError::RevokedReturns:
        return "revoked_returns";
    case ManifestError::TooManyDevices:
        return "too_many_devices";
    case ManifestError::BadList:
        return "bad_list";
    case ManifestError::IdentityChanged:
        return "identity_changed";
    }
    return "unknown";
}

Remedy ErrorTraits<ManifestError>::remedy(ManifestError code)
{
    return code == ManifestError::Gap ? Remedy::Retry : Remedy::AskUser;
}

const DeviceIdentity* DeviceManifest::find(const DeviceId& device) const
{
    const auto found = std::find_if(devices.begin(), devices.end(),
                                    [&](const DeviceIdentity& listed) { return listed.device == device; });
    return found == devices.end() ? nullptr : &*found;
}

bool DeviceManifest::isRevoked(const DeviceId& device) const
{
    return std::find(revoked.begin(), revoked.end(), device) != revoked.end();
}

Result<void> verifyManifest(const DeviceManifest& manifest, ByteView serialized, ByteView identitySignature,
                            ByteView deviceSignature)
{
    const DeviceIdentity* author = manifest.find(manifest.author);
    if (author == nullptr)
        return failed(ManifestError::UnknownAuthor, "the device list's author is not on it");
    if (!verify(manifest.identityKey, deviceManifestLabel, serialized, identitySignature))
        return failed(ManifestError::BadSignature, "the identity key did not sign this device list");
    if (!verify(author->signingKey, deviceManifestLabel, serialized, deviceSignature))
        return failed(ManifestError::BadSignature, "the author device did not sign this device list");
    return {};
}

Result<void> checkManifest(const DeviceManifest& manifest)
{
    if (manifest.devices.empty() || manifest.devices.size() > maxListedDevices)
        return failed(ManifestError::TooManyDevices, "a device list holds one to ten devices");
    if (manifest.version == 0 || (manifest.version == 1) == manifest.previousHash.has_value())
        return failed(ManifestError::BrokenLink, "only the first device list has no predecessor");
    std::set<DeviceId> seen;
    for (const DeviceIdentity& device : manifest.devices) {
        if (manifest.isRevoked(device.device))
            return failed(ManifestError::RevokedReturns, "a revoked device is on the list");
        if (device.user != manifest.user || device.identityKey != manifest.identityKey ||
            !seen.insert(device.device).second)
            return failed(ManifestError::BadList, "a device that may not stand on this list");
    }
    if (manifest.isRevoked(manifest.author))
        return failed(ManifestError::RevokedAuthor, "a revoked device wrote this list");
    if (manifest.find(manifest.author) == nullptr)
        return failed(ManifestError::UnknownAuthor, "the device list's author is not on it");
    return {};
}

Result<bool> acceptsManifest(const std::optional<DeviceManifest>& current, const DeviceManifest& offered)
{
    if (!current)
        return true;
    if (offered.user != current->user)
        return failed(ManifestError::BadList, "a device list of another account");
    if (offered.identityKey != current->identityKey)
        return failed(ManifestError::IdentityChanged, "the account's identity key changed");
    if (offered.version < current->version)
        return failed(ManifestError::Older, "an older device list than the one known");
    if (offered.version == current->version) {
        if (offered.hash != current->hash)
            return failed(ManifestError::Forked, "two different device lists with one number");
        return false;
    }
    if (offered.version != current->version + 1)
        return failed(ManifestError::Gap, "device lists in between are missing");
    if (offered.previousHash != current->hash)
        return failed(ManifestError::BrokenLink, "the device list does not follow the one known");
    if (current->isRevoked(offered.author))
        return failed(ManifestError::RevokedAuthor, "a revoked device wrote this list");
    if (current->find(offered.author) == nullptr)
        return failed(ManifestError::UnknownAuthor, "the author was not on the list before");
    const bool keepsRevoked = std::all_of(current->revoked.begin(), current->revoked.end(),
                                          [&](const DeviceId& device) { return offered.isRevoked(device); });
    if (!keepsRevoked)
        return failed(ManifestError::RevokedReturns, "a revocation was taken back");
    return true;
}

ManifestDifference differenceOf(const std::optional<DeviceManifest>& before, const DeviceManifest& after)
{
    ManifestDifference out;
    for (const DeviceIdentity& device : after.devices) {
        const DeviceIdentity* old = before ? before->find(device.device) : nullptr;
        if (old == nullptr || !old->sameDeviceAs(device))
            out.added.push_back(device);
    }
    if (!before)
        return out;
    for (const DeviceIdentity& device : before->devices) {
        if (after.find(device.device) == nullptr)
            out.removed.push_back(device.device);
    }
    return out;
}

} // namespace kith
