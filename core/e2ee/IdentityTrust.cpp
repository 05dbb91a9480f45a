#include "core/e2ee/IdentityTrust.h"

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

std::optional<Verification> firstVerification(const Ed25519PublicKey& shown,
                                              const std::optional<Ed25519PublicKey>& linkKey)
{
    if (!linkKey)
        return Verification::None;
    if (*linkKey != shown)
        return std::nullopt;
    return Verification::ByLink;
}

} // namespace kith
