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

/// SHA-256 of an identity key: what an invite link carries, and how a key is named where two are compared.
[[nodiscard]] Bytes identityFingerprint(const Ed25519PublicKey& key);

/// How a first key is pinned: ByLink where the invite carried exactly this key's fingerprint, None where it carried
/// none (empty). Another one means that somebody stands in between: identityChanged, and nothing may be pinned.
[[nodiscard]] Result<Verification> firstVerification(const Ed25519PublicKey& shown, ByteView linkFingerprint);

/// ManifestError::IdentityChanged; the sentence ends with both fingerprints. `shown` empty: no key was shown.
[[nodiscard]] Error identityChanged(ByteView pinnedFingerprint, ByteView shownFingerprint);

} // namespace kith
