#pragma once
/// What happens when an account shows an identity key: pinned on first use, raised by an invite link or a comparison,
/// and a change never passes unseen. Pure; thread: any.

#include "core/e2ee/ports/IdentityStore.h"

namespace kith
{

enum class IdentityVerdict {
    FirstUse, ///< Nothing was known: pin it.
    Same,
    Changed,         ///< Another key than the pinned one: say so in the conversation; sending goes on once shown.
    ChangedVerified, ///< The pinned key was verified: sending stops until the person accepts the new one.
};

[[nodiscard]] IdentityVerdict judgeIdentity(const std::optional<KnownIdentity>& known, const Ed25519PublicKey& shown);

/// How a first key is pinned: ByLink when the invite carried exactly this key. A link that carried another key means
/// that somebody stands in between: nullopt, and nothing may be pinned.
[[nodiscard]] std::optional<Verification> firstVerification(const Ed25519PublicKey& shown,
                                                            const std::optional<Ed25519PublicKey>& linkKey);

} // namespace kith
