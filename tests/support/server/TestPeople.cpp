#include "tests/support/server/TestPeople.h"

#include "core/crypto/Hash.h"
#include "core/crypto/KeyAgreement.h"
#include "core/crypto/Sign.h"

namespace kith::test
{

TestDevice::TestDevice(Random& random)
    : id(random.id<DeviceId>()), signing(generateEd25519(random)), agreement(generateX25519(random).publicKey),
      incarnation(random.bytes(16))
{
}

server::PreKeyUpload TestDevice::keys(Random& random, std::size_t count)
{
    server::PreKeyUpload upload;
    server::SignedPreKey signedKey;
    signedKey.id = 1;
    signedKey.publicKey = generateX25519(random).publicKey.bytes();
    Bytes statement;
    appendBigEndian32(statement, signedKey.id);
    statement.append(signedKey.publicKey);
    signedKey.signature = sign(signing.secretKey, signedPreKeyLabel, statement).bytes();
    upload.signedPreKey = std::move(signedKey);
    for (std::size_t i = 0; i < count; ++i)
        upload.oneTimePreKeys.push_back({++lastKey, random.bytes(32)});
    return upload;
}

TestPerson::TestPerson(Random& random, Bytes name)
    : user(random.id<UserId>()), handle(std::move(name)), identity(generateEd25519(random))
{
    devices.emplace_back(random);
    manifest = nextManifest({&devices.front()}, {}, devices.front());
}

server::DeviceCertificate certify(const TestPerson& person, const TestDevice& device)
{
    server::DeviceCertificate certificate;
    certificate.user = person.user;
    certificate.device = device.id;
    certificate.signingKey = device.signing.publicKey.bytes();
    certificate.agreementKey = device.agreement.bytes();
    certificate.incarnation = device.incarnation;
    certificate.certificate = person.user.bytes() + device.id.bytes() + certificate.signingKey +
                              certificate.agreementKey + certificate.incarnation;
    certificate.signature = sign(person.identity.secretKey, deviceCertificateLabel, certificate.certificate).bytes();
    return certificate;
}

void signManifest(server::DeviceManifest& manifest, const Ed25519KeyPair& identity, const Ed25519KeyPair& author)
{
    Bytes octets = manifest.user.bytes() + std::to_string(manifest.version) + manifest.identityKey +
                   manifest.previousHash + manifest.author.bytes();
    for (const server::DeviceCertificate& device : manifest.devices)
        octets += "device" + device.certificate + device.signature;
    for (const DeviceId& revoked : manifest.revoked)
        octets += "revoked" + revoked.bytes();
    manifest.manifest = std::move(octets);
    manifest.identitySignature = sign(identity.secretKey, deviceManifestLabel, manifest.manifest).bytes();
    manifest.deviceSignature = sign(author.secretKey, deviceManifestLabel, manifest.manifest).bytes();
}

server::DeviceManifest TestPerson::nextManifest(const std::vector<const TestDevice*>& listed,
                                                std::vector<DeviceId> revoked, const TestDevice& author) const
{
    server::DeviceManifest next;
    next.user = user;
    next.version = manifest.version + 1;
    next.identityKey = identity.publicKey.bytes();
    if (manifest.version > 0)
        next.previousHash = sha256(manifest.manifest).bytes();
    for (const TestDevice* device : listed)
        next.devices.push_back(certify(*this, *device));
    next.revoked = std::move(revoked);
    next.author = author.id;
    signManifest(next, identity, author.signing);
    return next;
}

server::DeviceManifest TestPerson::manifestWith(const TestDevice& extra) const
{
    std::vector<const TestDevice*> listed;
    for (const TestDevice& device : devices)
        listed.push_back(&device);
    listed.push_back(&extra);
    return nextManifest(listed, manifest.revoked, devices.front());
}

server::DeviceManifest TestPerson::manifestWithout(std::size_t index) const
{
    std::vector<const TestDevice*> listed;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (i != index)
            listed.push_back(&devices[i]);
    }
    std::vector<DeviceId> revoked = manifest.revoked;
    revoked.push_back(devices[index].id);
    return nextManifest(listed, std::move(revoked), *listed.front());
}

} // namespace kith::test
