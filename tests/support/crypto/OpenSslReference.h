#pragma once
/// OpenSSL's primitives for tests: for the Signal profile, and so that every kind of published vector in the folder is
/// really computed. Nullopt where OpenSSL refuses. Thread: pure, any.

#include "core/base/Bytes.h"

namespace kith::test
{

/// AES-128/192/256-GCM; the result is plaintext. OpenSSL 3.0 takes nonces of 1 to 128 octets.
constexpr std::size_t maxGcmNonce = 128;
[[nodiscard]] std::optional<Bytes> openAesGcm(ByteView key, ByteView nonce, ByteView associated, ByteView sealed,
                                              ByteView tag);
/// Ciphertext followed by the 16-octet tag.
[[nodiscard]] std::optional<Bytes> sealAesGcm(ByteView key, ByteView nonce, ByteView associated, ByteView plaintext);

/// AES-CBC with PKCS #7 padding (which Wycheproof calls PKCS5).
[[nodiscard]] std::optional<Bytes> encryptAesCbc(ByteView key, ByteView iv, ByteView plaintext);
[[nodiscard]] std::optional<Bytes> decryptAesCbc(ByteView key, ByteView iv, ByteView ciphertext);

/// x coordinate of the shared point; `publicKey` as an uncompressed or compressed SEC 1 point, checked to be on the
/// curve, or as a SubjectPublicKeyInfo (DER).
enum class PointForm { Sec1, Der };
[[nodiscard]] std::optional<Bytes> ecdhP256(ByteView privateScalar, ByteView publicKey, PointForm form);

[[nodiscard]] Bytes hmacSha512(ByteView key, ByteView message);
/// Nullopt above 255 blocks.
[[nodiscard]] std::optional<Bytes> hkdfSha512(ByteView salt, ByteView inputKey, ByteView info, std::size_t size);

} // namespace kith::test
