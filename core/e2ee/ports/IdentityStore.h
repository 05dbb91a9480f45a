#pragma once
/// Where identities rest: this device's own keys, and of each account the newest device list and what the person
/// decided about its identity key. Demanded by core/e2ee, implemented by core/store. Thread: the engine thread.

#include "core/base/Result.h"
#include "core/base/StrongId.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"

#include <optional>

namespace kith
{

/// How sure the person is of somebody's identity key. Stored numbers; never renumber.
enum class Verification : std::uint8_t {
    None = 0,     ///< First use.
    ByLink = 1,   ///< The invite link carried the key.
    Compared = 2, ///< Safety number or QR code compared.
};

/// The newest accepted device list of an account and the key that it is trusted under.
struct KnownIdentity {
    Ed25519PublicKey identityKey;
    Verification verification = Verification::None;
    std::uint64_t manifestVersion = 0;
    Bytes signedManifest; ///< The wire's SignedDeviceManifest, as received.

    friend bool operator==(const KnownIdentity&, const KnownIdentity&) = default;
};

/// Reads see what was written earlier in the same transaction. Suite: tests/conformance/e2ee/IdentityStoreSuite.h.
class IdentityStore
{
public:
    virtual ~IdentityStore() = default;

    /// OwnDevice::encode of this device; nothing before registration.
    [[nodiscard]] virtual Result<std::optional<SecretBytes>> loadOwnDevice() const = 0;
    [[nodiscard]] virtual Result<void> saveOwnDevice(ByteView encoded) = 0;
    /// The account's identity key (Ed25519SecretKey's 64 octets) on devices that hold it.
    [[nodiscard]] virtual Result<std::optional<SecretBytes>> loadIdentitySecret() const = 0;
    [[nodiscard]] virtual Result<void> saveIdentitySecret(ByteView secret) = 0;

    [[nodiscard]] virtual Result<std::optional<KnownIdentity>> identity(const UserId& user) const = 0;
    [[nodiscard]] virtual Result<void> saveIdentity(const UserId& user, const KnownIdentity& identity) = 0;
};

} // namespace kith
