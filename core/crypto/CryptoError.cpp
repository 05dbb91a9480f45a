#include "core/crypto/CryptoError.h"

namespace kith
{

std::string_view ErrorTraits<CryptoError>::name(CryptoError code)
{
    switch (code) {
    case CryptoError::Unavailable:
        return "unavailable";
    case CryptoError::WrongSize:
        return "wrong_size";
    case CryptoError::WeakKey:
        return "weak_key";
    case CryptoError::BadSignature:
        return "bad_signature";
    case CryptoError::NotAuthentic:
        return "not_authentic";
    case CryptoError::BadParameters:
        return "bad_parameters";
    case CryptoError::OutOfMemory:
        return "out_of_memory";
    }
    return "unknown";
}

Remedy ErrorTraits<CryptoError>::remedy(CryptoError code)
{
    switch (code) {
    case CryptoError::WrongSize:
        return Remedy::Bug;
    case CryptoError::OutOfMemory:
        return Remedy::Retry;
    default:
        return Remedy::AskUser;
    }
}

} // namespace kith
