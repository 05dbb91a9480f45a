#pragma once
/// Error codes of core/crypto. Thread: plain values, any.

#include "core/base/Error.h"

namespace kith
{

enum class CryptoError {
    Unavailable,   ///< The crypto library did not start, or failed its known-answer test.
    WrongSize,     ///< An input has a length that the primitive does not take.
    WeakKey,       ///< A public key that leads to an all-zero secret.
    BadSignature,  ///< The signature does not belong to the label, bytes and key.
    NotAuthentic,  ///< The tag does not verify: wrong key, wrong associated data or changed ciphertext.
    BadParameters, ///< Password-hash parameters outside what this program is willing to run.
    OutOfMemory,   ///< The password hash could not get its memory.
};

template <> struct ErrorTraits<CryptoError> {
    static constexpr std::string_view domain = "crypto";
    static std::string_view name(CryptoError code);
    static Remedy remedy(CryptoError code);
};

} // namespace kith
