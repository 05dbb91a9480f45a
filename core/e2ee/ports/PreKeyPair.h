#pragma once
/// A pre-key of this device and what a store knows of all of them. Plain values; thread: any.

#include "core/base/Clock.h"
#include "core/base/StrongId.h"
#include "core/crypto/Keys.h"

#include <vector>

namespace kith
{

using PreKeyId = StrongNumber<struct PreKeyIdTag, std::uint32_t>; ///< 0 = none.

constexpr std::size_t oneTimePreKeySecretsKept = 2000; ///< Our halves; the oldest go beyond this.

/// A pre-key of this device with its secret half.
struct PreKeyPair {
    PreKeyId id;
    X25519KeyPair pair;
    WallTime created;
};

/// What this device has, as the store knows it.
struct PreKeyInventory {
    struct Signed {
        PreKeyId id;
        WallTime created;
    };
    std::vector<Signed> signedPreKeys;
    PreKeyId highestSigned;
    PreKeyId highestOneTime;
    std::size_t oneTimeOnServer = 0; ///< As Authenticate or KeysLow said.
};

} // namespace kith
