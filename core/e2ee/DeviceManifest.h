#pragma once
/// The numbered, hash-linked device list of an account (mechanisms.md section 5) and the rules for taking a newer one.
/// core/sync parses the wire's SignedDeviceManifest into this; signatures are checked over the received bytes.
/// Pure; thread: any.

#include "core/e2ee/DeviceIdentity.h"

#include <optional>

namespace kith
{

constexpr std::size_t maxListedDevices = 10;

enum class ManifestError {
    BadSignature,    ///< The identity key or the author device did not sign these bytes.
    Older,           ///< A lower number than the one known: refused.
    Forked,          ///< The same number with other content: somebody shows two lists.
    Gap,             ///< Numbers are missing in between: fetch them, oldest first (ListDevices.after_version).
    BrokenLink,      ///< previous_hash is not the hash of the manifest before.
    UnknownAuthor,   ///< The author is not listed, here or in the manifest before.
    RevokedAuthor,   ///< The author was revoked.
    RevokedReturns,  ///< A revoked device is listed again, or a revocation was taken back.
    TooManyDevices,  ///< More than maxListedDevices, or none.
    BadList,         ///< A device twice, of another account, under another identity key, or without valid certificate.
    IdentityChanged, ///< Another identity key: a person decides.
};

template <> struct ErrorTraits<ManifestError> {
    static constexpr std::string_view domain = "manifest";
    static std::string_view name(ManifestError code);
    static Remedy remedy(ManifestError code);
};

struct DeviceManifest {
    UserId user;
    std::uint64_t version = 0; ///< 1, 2, 3 …
    Ed25519PublicKey identityKey;
    std::optional<Sha256Digest> previousHash; ///< Absent in version 1.
    std::vector<DeviceIdentity> devices;      ///< Certificates checked with verifyCertificate.
    std::vector<DeviceId> revoked;            ///< Every device ever revoked.
    DeviceId author;
    Sha256Digest hash; ///< SHA-256 of the serialized DeviceManifest.

    [[nodiscard]] const DeviceIdentity* find(const DeviceId& device) const;
    [[nodiscard]] bool isRevoked(const DeviceId& device) const;
};

/// BadSignature unless both signatures cover `serialized`; UnknownAuthor when the author is not listed.
[[nodiscard]] Result<void> verifyManifest(const DeviceManifest& manifest, ByteView serialized,
                                          ByteView identitySignature, ByteView deviceSignature);

/// What a manifest must satisfy by itself.
[[nodiscard]] Result<void> checkManifest(const DeviceManifest& manifest);

/// Whether `offered` may replace `current` (absent: first contact). False: it is the one we have. The rules in order:
/// same identity key, highest number wins, next number only, hash link, author listed before and now and never revoked,
/// revocations only grow. Call checkManifest and verifyManifest first.
[[nodiscard]] Result<bool> acceptsManifest(const std::optional<DeviceManifest>& current, const DeviceManifest& offered);

/// For display ("device added") and sessions: by device id, in the order listed.
struct ManifestDifference {
    std::vector<DeviceIdentity> added; ///< Also those whose keys or incarnation changed.
    std::vector<DeviceId> removed;
};
[[nodiscard]] ManifestDifference differenceOf(const std::optional<DeviceManifest>& before, const DeviceManifest& after);

} // namespace kith
