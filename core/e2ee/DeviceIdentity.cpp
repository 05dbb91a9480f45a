#include "core/e2ee/DeviceIdentity.h"

#include "core/crypto/KeyAgreement.h"
#include "core/crypto/Sign.h"
#include "core/e2ee/E2eeError.h"
#include "core/e2ee/OctetCodec.h"

namespace kith
{
namespace
{

constexpr std::uint8_t formVersion = 1;
constexpr std::chrono::hours clockSlack{24};

} // namespace

bool DeviceIdentity::sameDeviceAs(const DeviceIdentity& other) const
{
    return user == other.user && device == other.device && signingKey == other.signingKey &&
           agreementKey == other.agreementKey && incarnation == other.incarnation;
}

Result<void> verifyCertificate(ByteView certificate, ByteView signature, const DeviceIdentity& parsed, WallTime now)
{
    if (!verify(parsed.identityKey, deviceCertificateLabel, certificate, signature))
        return Error::make(E2eeError::BadCertificate, "the identity key did not sign this device");
    if (parsed.user.isNull() || parsed.device.isNull() || parsed.incarnation.isNull() || parsed.agreementKey.isNull() ||
        parsed.signingKey.isNull())
        return Error::make(E2eeError::BadCertificate, "a device certificate lacks a field");
    if (parsed.expires != WallTime{} && now - clockSlack > parsed.expires)
        return Error::make(E2eeError::BadCertificate, "the device's certificate has expired");
    return {};
}

OwnDevice OwnDevice::generate(UserId user, const Ed25519PublicKey& identityKey, WallTime now, Random& random)
{
    OwnDevice own;
    own.signing = generateEd25519(random);
    own.agreement = generateX25519(random);
    own.identity.user = user;
    own.identity.device = random.id<DeviceId>();
    own.identity.identityKey = identityKey;
    own.identity.signingKey = own.signing.publicKey;
    own.identity.agreementKey = own.agreement.publicKey;
    own.identity.incarnation = random.id<Incarnation>();
    own.identity.created = now;
    return own;
}

SecretBytes OwnDevice::encode() const
{
    OctetWriter out(256);
    out.u8(formVersion).raw(identity.user.view()).raw(identity.device.view()).raw(identity.identityKey.view());
    out.raw(identity.incarnation.view());
    out.time(identity.created);
    out.time(identity.expires);
    out.raw(signing.secretKey.exposeSecret()).raw(agreement.secretKey.exposeSecret());
    return out.takeSecret();
}

Result<OwnDevice> OwnDevice::decode(ByteView stored)
{
    OctetReader in(stored);
    if (in.u8() != formVersion)
        return Error::make(E2eeError::StateDamaged, "unknown form of the device's own keys");
    OwnDevice own;
    own.identity.user = in.id<UserId>();
    own.identity.device = in.id<DeviceId>();
    own.identity.identityKey = in.octets<Ed25519PublicKey>();
    own.identity.incarnation = in.id<Incarnation>();
    own.identity.created = in.time();
    own.identity.expires = in.time();
    own.signing = ed25519FromSecret(in.secret<Ed25519SecretKey>());
    own.agreement.secretKey = in.secret<X25519SecretKey>();
    own.agreement.publicKey = x25519PublicKey(own.agreement.secretKey);
    own.identity.signingKey = own.signing.publicKey;
    own.identity.agreementKey = own.agreement.publicKey;
    if (!in.finished())
        return Error::make(E2eeError::StateDamaged, "the device's own keys do not parse");
    return own;
}

} // namespace kith
