#include "server/chat/devices/ManifestRules.h"

#include "core/crypto/Hash.h"
#include "core/crypto/Sign.h"

#include <algorithm>

namespace kith::server
{

namespace
{

Error invalid(std::string detail)
{
    return Error::make(ChatError::Invalid, std::move(detail));
}

Result<void> signedBy(ByteView key, SignatureLabel label, ByteView bytes, ByteView signature, const char* what)
{
    const auto publicKey = Ed25519PublicKey::fromBytes(key);
    if (!publicKey || !verify(*publicKey, label, bytes, signature).ok())
        return Error::make(ChatError::Unauthenticated, std::string("The signature of ") + what + " does not hold.");
    return {};
}

bool unique(std::vector<Bytes> values)
{
    std::sort(values.begin(), values.end());
    return std::adjacent_find(values.begin(), values.end()) == values.end();
}

const DeviceCertificate* find(const DeviceManifest& manifest, DeviceId device)
{
    const auto found = std::find_if(manifest.devices.begin(), manifest.devices.end(),
                                    [&](const DeviceCertificate& item) { return item.device == device; });
    return found == manifest.devices.end() ? nullptr : &*found;
}

Result<void> checkCertificate(const DeviceManifest& manifest, const DeviceCertificate& certificate)
{
    if (certificate.user != manifest.user || certificate.device.isNull())
        return invalid("A device certificate names another account.");
    if (certificate.signingKey.size() != 32 || certificate.agreementKey.size() != 32 ||
        certificate.incarnation.size() != 16)
        return invalid("A device certificate holds a key of a wrong length.");
    return signedBy(manifest.identityKey, deviceCertificateLabel, certificate.certificate, certificate.signature,
                    "a device certificate");
}

/// What holds for every version by itself.
Result<void> checkForm(const DeviceManifest& manifest, const Limits& limits)
{
    if (manifest.manifest.size() > limits.manifest)
        return Error::make(ChatError::TooLarge, "The device list is too large.");
    if (manifest.user.isNull() || manifest.identityKey.size() != 32)
        return invalid("The device list names no account or no identity key.");
    if (manifest.devices.empty())
        return invalid("A device list needs at least one device.");
    if (manifest.devices.size() > limits.devices)
        return Error::make(ChatError::Denied,
                           "An account has at most " + std::to_string(limits.devices) + " devices: unlink one first.");
    std::vector<Bytes> ids;
    std::vector<Bytes> keys;
    for (const DeviceCertificate& certificate : manifest.devices) {
        ids.push_back(certificate.device.bytes());
        keys.push_back(certificate.signingKey);
    }
    for (const DeviceId& revoked : manifest.revoked)
        ids.push_back(revoked.bytes());
    if (!unique(std::move(ids)) || !unique(std::move(keys)))
        return invalid("The device list names a device twice, or one that it revokes.");
    const DeviceCertificate* author = find(manifest, manifest.author);
    if (author == nullptr)
        return invalid("The device list is not signed by a device that it lists.");
    for (const DeviceCertificate& certificate : manifest.devices)
        KITH_CHECK(checkCertificate(manifest, certificate));
    KITH_CHECK(signedBy(manifest.identityKey, deviceManifestLabel, manifest.manifest, manifest.identitySignature,
                        "the device list (identity key)"));
    return signedBy(author->signingKey, deviceManifestLabel, manifest.manifest, manifest.deviceSignature,
                    "the device list (device key)");
}

/// Those who were there stay as they are.
Result<void> checkKept(const DeviceManifest& manifest, std::span<const Device> devices, std::size_t& kept)
{
    kept = 0;
    for (const Device& device : devices) {
        const DeviceCertificate* certificate = find(manifest, device.device);
        if (certificate == nullptr)
            continue;
        if (certificate->signingKey != device.signingKey || certificate->agreementKey != device.agreementKey ||
            certificate->incarnation != device.incarnation)
            return invalid("A device list cannot change the keys of a device: link it as a new one.");
        ++kept;
    }
    return {};
}

} // namespace

Result<void> checkFirstManifest(const DeviceManifest& manifest, const Limits& limits)
{
    if (manifest.version != 1 || !manifest.previousHash.empty() || !manifest.revoked.empty() ||
        manifest.devices.size() != 1)
        return invalid("A new account starts with version 1 of its device list and exactly one device.");
    return checkForm(manifest, limits);
}

Result<void> checkNextManifest(const DeviceManifest& manifest, ManifestChange change, UserId user, DeviceId author,
                               std::uint64_t previousVersion, const ManifestRecord& previous,
                               std::span<const Device> devices, const Limits& limits)
{
    if (manifest.user != user || manifest.author != author)
        return Error::make(ChatError::Denied, "A device list is changed by a device of its own account.");
    if (manifest.version != previousVersion + 1)
        return conflictError("The device list changed meanwhile: read it first.", LostRace{previousVersion});
    if (manifest.identityKey != previous.identityKey)
        return invalid("A device list cannot change the account's identity key.");
    if (manifest.previousHash != sha256(previous.signedManifest.manifest).view())
        return invalid("The device list does not continue the one before it.");
    KITH_CHECK(checkForm(manifest, limits));

    std::size_t kept = 0;
    KITH_CHECK(checkKept(manifest, devices, kept));
    std::vector<DeviceId> revoked = manifest.revoked;
    std::sort(revoked.begin(), revoked.end());
    std::vector<DeviceId> added;
    std::set_difference(revoked.begin(), revoked.end(), previous.revoked.begin(), previous.revoked.end(),
                        std::back_inserter(added));
    const bool keepsRevoked =
        std::includes(revoked.begin(), revoked.end(), previous.revoked.begin(), previous.revoked.end());

    if (change == ManifestChange::Link) {
        if (kept != devices.size() || manifest.devices.size() != kept + 1 || !keepsRevoked || !added.empty())
            return invalid("Linking adds exactly one device and changes nothing else.");
        return {};
    }
    const bool wasListed = added.size() == 1 && std::any_of(devices.begin(), devices.end(), [&](const Device& device) {
                               return device.device == added.front();
                           });
    if (kept + 1 != devices.size() || manifest.devices.size() != kept || !keepsRevoked || !wasListed)
        return invalid("Unlinking takes away exactly one device, names it as revoked and changes nothing else.");
    return {};
}

Result<void> checkPreKeys(const PreKeyUpload& keys, ByteView signingKey, bool first, const Limits& limits)
{
    if (first && !keys.signedPreKey)
        return invalid("A new device brings a signed pre-key.");
    if (keys.oneTimePreKeys.size() > limits.oneTimePreKeys)
        return Error::make(ChatError::TooLarge, "At most " + std::to_string(limits.oneTimePreKeys) +
                                                    " one-time pre-keys are kept for a device.");
    if (keys.signedPreKey) {
        const SignedPreKey& key = *keys.signedPreKey;
        if (key.publicKey.size() != 32)
            return invalid("The signed pre-key has a wrong length.");
        Bytes statement;
        appendBigEndian32(statement, key.id);
        statement.append(key.publicKey);
        KITH_CHECK(signedBy(signingKey, signedPreKeyLabel, statement, key.signature, "the signed pre-key"));
    }
    std::uint32_t last = 0;
    for (const OneTimePreKey& key : keys.oneTimePreKeys) {
        if (key.publicKey.size() != 32 || key.id <= last)
            return invalid("One-time pre-keys have 32 octets and rising ids above 0.");
        last = key.id;
    }
    if (keys.kem && (keys.kem->publicKey.size() > limits.kemKey || keys.kem->signature.size() > limits.kemKey))
        return Error::make(ChatError::TooLarge, "The encapsulation key is too large.");
    return {};
}

ManifestRecord recordOf(const DeviceManifest& manifest, WallTime accepted)
{
    ManifestRecord record;
    record.signedManifest = manifest;
    record.identityKey = manifest.identityKey;
    for (const DeviceCertificate& certificate : manifest.devices)
        record.devices.push_back(certificate.device);
    record.revoked = manifest.revoked;
    std::sort(record.devices.begin(), record.devices.end());
    std::sort(record.revoked.begin(), record.revoked.end());
    record.accepted = accepted;
    return record;
}

Device deviceOf(const DeviceCertificate& certificate, WallTime created)
{
    Device device;
    device.user = certificate.user;
    device.device = certificate.device;
    device.signingKey = certificate.signingKey;
    device.agreementKey = certificate.agreementKey;
    device.incarnation = certificate.incarnation;
    device.created = created;
    return device;
}

} // namespace kith::server
