#include "core/e2ee/IdentityTrust.h"

#include "core/crypto/Hash.h"
#include "core/e2ee/DeviceManifest.h"

namespace kith
{

IdentityVerdict judgeIdentity(const std::optional<KnownIdentity>& known, const Ed25519PublicKey& shown)
{
    if (!known)
        return IdentityVerdict::FirstUse;
    if (known->identityKey == shown)
        return IdentityVerdict::Same;
    return known->verification == Verification::None ? IdentityVerdict::Changed : IdentityVerdict::ChangedVerified;
}

Bytes identityFingerprint(const Ed25519PublicKey& key)
{
    return Bytes(sha256(key.view()).view());
}

Result<Verification> firstVerification(const Ed25519PublicKey& shown, ByteView linkFingerprint)
{
    if (linkFingerprint.empty())
        return Verification::None;
    const Bytes fingerprint = identityFingerprint(shown);
    if (fingerprint != linkFingerprint)
        return identityChanged(linkFingerprint, fingerprint);
    return Verification::ByLink;
}

Error identityChanged(ByteView pinnedFingerprint, ByteView shownFingerprint)
{
    return Error::make(ManifestError::IdentityChanged,
                       "the server shows another identity key of this person than the pinned one: pinned key " +
                           toHex(pinnedFingerprint) + ", presented key " +
                           (shownFingerprint.empty() ? "none" : toHex(shownFingerprint)));
}

} // namespace kith
