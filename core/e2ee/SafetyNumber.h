#pragma once
/// The safety number of two people: Signal's numeric fingerprint version 2 with 5,200 iterations, over identity keys
/// and 16-octet user ids (crypto.md section 8). The same on both sides. About 10 ms; thread: any, not the GUI's.

#include "core/base/Result.h"
#include "core/base/StrongId.h"
#include "core/crypto/Keys.h"

#include <optional>

namespace kith
{

constexpr int safetyNumberIterations = 5200;

/// One person's half. The raw form serves both programs' tests against published peers, whose keys carry a type octet.
struct Fingerprint {
    Sha512Digest hash;

    [[nodiscard]] static Fingerprint of(ByteView userId, ByteView identityKey);
    [[nodiscard]] static Fingerprint of(const UserId& user, const Ed25519PublicKey& identityKey)
    {
        return of(user.view(), identityKey.view());
    }
};

/// 60 digits without spaces: six groups of five for each side, the lower half first.
[[nodiscard]] std::string safetyNumber(const Fingerprint& own, const Fingerprint& peer);

/// What a QR code carries: version 2 and the first 32 octets of both hashes, own first (74 octets, the Protobuf form of
/// Signal's CombinedFingerprints).
[[nodiscard]] Bytes safetyNumberQr(const Fingerprint& own, const Fingerprint& peer);

enum class QrVerdict { Match, Mismatch, NotACode };
/// Compares a code scanned from the peer's screen, where the halves stand the other way round.
[[nodiscard]] QrVerdict checkSafetyNumberQr(ByteView scanned, const Fingerprint& own, const Fingerprint& peer);

} // namespace kith
