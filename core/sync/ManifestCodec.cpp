#include "core/crypto/Hash.h"
#include "core/crypto/Sign.h"
#include "core/protocol/wire/Limits.h"
#include "core/sync/DeviceDirectory.h"

namespace kith
{
namespace
{

Error badList(const char* what)
{
    return Error::make(ManifestError::BadList, std::string("a device list has a bad ") + what);
}

Result<DeviceIdentity> readCertificate(const wire::SignedDeviceCertificate& signedCertificate, UserId user,
                                       const Ed25519PublicKey& identityKey, WallTime now)
{
    wire::DeviceCertificate certificate;
    if (!certificate.ParseFromString(signedCertificate.certificate()))
        return badList("certificate");
    const auto owner = UserId::fromBytes(certificate.user_id());
    const auto device = DeviceId::fromBytes(certificate.device_id());
    const auto signing = Ed25519PublicKey::fromBytes(certificate.signing_key());
    const auto agreement = X25519PublicKey::fromBytes(certificate.agreement_key());
    const auto incarnation = Incarnation::fromBytes(certificate.incarnation());
    if (!owner || *owner != user || !device || !signing || !agreement || !incarnation)
        return badList("certificate");
    DeviceIdentity identity;
    identity.user = user;
    identity.device = *device;
    identity.identityKey = identityKey;
    identity.signingKey = *signing;
    identity.agreementKey = *agreement;
    identity.incarnation = *incarnation;
    identity.created = wallFromMillis(certificate.created_ms());
    identity.expires = wallFromMillis(certificate.expires_ms());
    KITH_CHECK(verifyCertificate(signedCertificate.certificate(), signedCertificate.signature(), identity, now));
    return identity;
}

} // namespace

Result<DeviceManifest> readManifest(const wire::SignedDeviceManifest& signedManifest, WallTime now)
{
    if (signedManifest.manifest().size() > wire::maxManifest)
        return badList("size");
    wire::DeviceManifest parsed;
    if (!parsed.ParseFromString(signedManifest.manifest()))
        return badList("form");
    const auto user = UserId::fromBytes(parsed.user_id());
    const auto identityKey = Ed25519PublicKey::fromBytes(parsed.identity_key());
    const auto author = DeviceId::fromBytes(parsed.author_device());
    if (!user || !identityKey || !author)
        return badList("owner");
    DeviceManifest manifest;
    manifest.user = *user;
    manifest.version = parsed.version();
    manifest.identityKey = *identityKey;
    manifest.author = *author;
    manifest.hash = sha256(signedManifest.manifest());
    if (!parsed.previous_hash().empty()) {
        manifest.previousHash = Sha256Digest::fromBytes(parsed.previous_hash());
        if (!manifest.previousHash)
            return badList("link");
    }
    if (parsed.devices().size() > static_cast<int>(maxListedDevices))
        return Error::make(ManifestError::TooManyDevices, "a device list has too many devices");
    for (const wire::SignedDeviceCertificate& certificate : parsed.devices()) {
        KITH_TRY(DeviceIdentity device, readCertificate(certificate, *user, *identityKey, now));
        manifest.devices.push_back(std::move(device));
    }
    for (const std::string& revoked : parsed.revoked_device_ids()) {
        const auto device = DeviceId::fromBytes(revoked);
        if (!device)
            return badList("revocation");
        manifest.revoked.push_back(*device);
    }
    KITH_CHECK(checkManifest(manifest));
    KITH_CHECK(verifyManifest(manifest, signedManifest.manifest(), signedManifest.identity_signature(),
                              signedManifest.device_signature()));
    return manifest;
}

wire::SignedDeviceCertificate certify(const DeviceIdentity& device, const Ed25519SecretKey& identity)
{
    wire::DeviceCertificate certificate;
    certificate.set_user_id(device.user.bytes());
    certificate.set_device_id(device.device.bytes());
    certificate.set_signing_key(Bytes(device.signingKey.view()));
    certificate.set_agreement_key(Bytes(device.agreementKey.view()));
    certificate.set_created_ms(toMillis(device.created));
    certificate.set_expires_ms(toMillis(device.expires));
    certificate.set_incarnation(device.incarnation.bytes());
    wire::SignedDeviceCertificate out;
    out.set_certificate(certificate.SerializeAsString());
    out.set_signature(Bytes(sign(identity, deviceCertificateLabel, out.certificate()).view()));
    return out;
}

wire::SignedDeviceManifest signManifest(const wire::DeviceManifest& manifest, const Ed25519SecretKey& identity,
                                        const OwnDevice& author)
{
    wire::SignedDeviceManifest out;
    out.set_manifest(manifest.SerializeAsString());
    out.set_identity_signature(Bytes(sign(identity, deviceManifestLabel, out.manifest()).view()));
    out.set_device_signature(Bytes(sign(author.signing.secretKey, deviceManifestLabel, out.manifest()).view()));
    return out;
}

} // namespace kith
