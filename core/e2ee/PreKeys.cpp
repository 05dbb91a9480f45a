#include "core/e2ee/PreKeys.h"

#include "core/crypto/KeyAgreement.h"
#include "core/crypto/Sign.h"
#include "core/e2ee/E2eeError.h"

#include <algorithm>

namespace kith
{
namespace
{

/// The signed bytes, as keys.proto names them.
Bytes signedForm(PreKeyId id, const X25519PublicKey& key)
{
    Bytes bytes;
    appendBigEndian32(bytes, id.value());
    bytes.append(key.view());
    return bytes;
}

PreKeyPair freshPreKey(PreKeyId id, WallTime now, Random& random)
{
    return {id, generateX25519(random), now};
}

} // namespace

Result<void> verifyBundle(const PreKeyBundle& bundle)
{
    const SignedPreKeyPublic& key = bundle.signedPreKey;
    if (!verify(bundle.device.signingKey, signedPreKeyLabel, signedForm(key.id, key.key), key.signature.view()))
        return Error::make(E2eeError::BadBundle, "the device did not sign this pre-key");
    return {};
}

SignedPreKeyPublic signPreKey(const PreKeyPair& pair, const Ed25519SecretKey& signingKey)
{
    return {pair.id, pair.pair.publicKey,
            sign(signingKey, signedPreKeyLabel, signedForm(pair.id, pair.pair.publicKey))};
}

PreKeyPlan planPreKeys(const PreKeyInventory& inventory, const OwnDevice& own, WallTime now, Random& random)
{
    PreKeyPlan plan;
    std::vector<PreKeyInventory::Signed> present = inventory.signedPreKeys;
    std::sort(present.begin(), present.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    if (present.empty() || now - present.back().created >= signedPreKeyRotation) {
        plan.newSigned = freshPreKey(inventory.highestSigned.next(), now, random);
        plan.publishSigned = signPreKey(*plan.newSigned, own.signing.secretKey);
        present.push_back({plan.newSigned->id, now});
    }
    for (std::size_t i = 0; i + 1 < present.size(); ++i) {
        if (now - present[i + 1].created >= signedPreKeyKept)
            plan.dropSigned.push_back(present[i].id);
    }
    if (inventory.oneTimeOnServer < oneTimePreKeyRefillBelow) {
        PreKeyId id = inventory.highestOneTime;
        for (std::size_t i = inventory.oneTimeOnServer; i < oneTimePreKeyTarget; ++i) {
            id = id.next();
            plan.newOneTime.push_back(freshPreKey(id, now, random));
            plan.publishOneTime.push_back({id, plan.newOneTime.back().pair.publicKey});
        }
    }
    return plan;
}

} // namespace kith
