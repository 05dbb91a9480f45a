#pragma once
/// People and devices with real keys, who hand in what the rules of server/chat take: manifests, certificates, pre-keys
/// with signatures that hold. Signed octets are a plain listing of the fields: the server never parses them. Owned by
/// the test. Thread: the test's.

#include "core/base/Random.h"
#include "core/crypto/Keys.h"
#include "server/domain/Manifest.h"
#include "server/domain/PreKeys.h"

#include <map>
#include <optional>

namespace kith::test
{

struct TestDevice {
    DeviceId id;
    Ed25519KeyPair signing;
    X25519PublicKey agreement;
    Bytes incarnation;
    std::uint32_t lastKey = 0;           ///< Highest one-time pre-key id made.
    std::map<LogId, std::uint64_t> sent; ///< Highest send_no used, per log.

    explicit TestDevice(Random& random);
    /// A signed pre-key and `count` new one-time keys.
    [[nodiscard]] server::PreKeyUpload keys(Random& random, std::size_t count);
};

struct TestPerson {
    UserId user;
    Bytes handle;
    Ed25519KeyPair identity;
    std::vector<TestDevice> devices; ///< Unlinked ones are taken out.
    server::DeviceManifest manifest; ///< As the server has it.

    TestPerson(Random& random, Bytes name);

    /// The list with these devices, authored by `author`, continuing `manifest` (or version 1 where that is empty).
    [[nodiscard]] server::DeviceManifest nextManifest(const std::vector<const TestDevice*>& listed,
                                                      std::vector<DeviceId> revoked, const TestDevice& author) const;
    /// With `extra` as well.
    [[nodiscard]] server::DeviceManifest manifestWith(const TestDevice& extra) const;
    /// Without the device of that index.
    [[nodiscard]] server::DeviceManifest manifestWithout(std::size_t index) const;
};

/// Signs what the fields say now: for tests that change a field first.
void signManifest(server::DeviceManifest& manifest, const Ed25519KeyPair& identity, const Ed25519KeyPair& author);
[[nodiscard]] server::DeviceCertificate certify(const TestPerson& person, const TestDevice& device);

} // namespace kith::test
