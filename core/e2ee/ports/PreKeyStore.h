#pragma once
/// Where the secret halves of this device's pre-keys rest, and which handshakes were seen; demanded by core/e2ee,
/// implemented by core/store. Thread: the engine thread, inside its transaction.

#include "core/base/Result.h"
#include "core/e2ee/ports/PreKeyPair.h"

#include <optional>

namespace kith
{

/// Reads see what was written earlier in the same transaction. Suite: tests/conformance/e2ee/PreKeyStoreSuite.h.
class PreKeyStore
{
public:
    virtual ~PreKeyStore() = default;

    /// Ids and ages of what is stored. `oneTimeOnServer` is the caller's to fill. The highest ids are those ever
    /// stored: they never fall, also not when the key with that id is removed.
    [[nodiscard]] virtual Result<PreKeyInventory> inventory() const = 0;

    [[nodiscard]] virtual Result<std::optional<PreKeyPair>> signedPreKey(PreKeyId id) const = 0;
    [[nodiscard]] virtual Result<void> saveSignedPreKey(const PreKeyPair& pair) = 0;
    /// Also forgets the base keys seen with it.
    [[nodiscard]] virtual Result<void> removeSignedPreKey(PreKeyId id) = 0;

    [[nodiscard]] virtual Result<std::optional<PreKeyPair>> oneTimePreKey(PreKeyId id) const = 0;
    /// Keeps the newest oneTimePreKeySecretsKept.
    [[nodiscard]] virtual Result<void> saveOneTimePreKey(const PreKeyPair& pair) = 0;
    /// No error when it is gone already.
    [[nodiscard]] virtual Result<void> removeOneTimePreKey(PreKeyId id) = 0;

    /// Base keys of handshakes that used no one-time pre-key: the guard against their replay.
    [[nodiscard]] virtual Result<bool> baseKeySeen(PreKeyId signedPreKey, const X25519PublicKey& baseKey) const = 0;
    [[nodiscard]] virtual Result<void> addSeenBaseKey(PreKeyId signedPreKey, const X25519PublicKey& baseKey) = 0;
};

} // namespace kith
