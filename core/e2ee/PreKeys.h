#pragma once
/// Pre-keys: what lets somebody start a session with a device that is away (crypto.md section 2). Making, checking and
/// planning them; storing is ports/PreKeyStore.h, sending is core/sync. Thread: pure, any.

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/e2ee/DeviceIdentity.h"
#include "core/e2ee/ports/PreKeyPair.h"

#include <optional>
#include <vector>

namespace kith
{

constexpr std::size_t oneTimePreKeyTarget = 100;           ///< Kept on the server for each device.
constexpr std::size_t oneTimePreKeyRefillBelow = 20;       ///< Refilled when the server has fewer.
constexpr std::chrono::hours signedPreKeyRotation{7 * 24}; ///< A new one each week.
constexpr std::chrono::hours signedPreKeyKept{
    30 * 24}; ///< The old private half stays this long after creation of its successor.

/// The public half of a signed pre-key as it travels.
struct SignedPreKeyPublic {
    PreKeyId id;
    X25519PublicKey key;
    Ed25519Signature signature;
};

struct OneTimePreKeyPublic {
    PreKeyId id;
    X25519PublicKey key;
};

/// What the server hands out for one device; the slot for a key encapsulation mechanism is reserved (algorithm 0).
struct PreKeyBundle {
    DeviceIdentity device; ///< From the verified certificate of the newest manifest, never from the bundle itself.
    SignedPreKeyPublic signedPreKey;
    std::optional<OneTimePreKeyPublic> oneTimePreKey;
    std::uint32_t kemAlgorithm = 0;
};

/// BadBundle unless the device's signing key signed the pre-key; UnknownVersion for a KEM that we do not know is not
/// an error: such a bundle is used without it.
[[nodiscard]] Result<void> verifyBundle(const PreKeyBundle& bundle);

[[nodiscard]] SignedPreKeyPublic signPreKey(const PreKeyPair& pair, const Ed25519SecretKey& signingKey);

/// What to store, to drop and to publish; nothing happened yet. Store first (one transaction), then publish.
struct PreKeyPlan {
    std::optional<PreKeyPair> newSigned;
    std::vector<PreKeyPair> newOneTime;
    std::vector<PreKeyId> dropSigned;
    std::optional<SignedPreKeyPublic> publishSigned;
    std::vector<OneTimePreKeyPublic> publishOneTime;

    [[nodiscard]] bool nothingToDo() const { return !newSigned && newOneTime.empty() && dropSigned.empty(); }
};

/// Rotates weekly, drops what is older than its time, refills. Called at start, daily and on KeysLow.
[[nodiscard]] PreKeyPlan planPreKeys(const PreKeyInventory& inventory, const OwnDevice& own, WallTime now,
                                     Random& random);

} // namespace kith
