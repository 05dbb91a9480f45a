#include "core/e2ee/E2eeError.h"

namespace kith
{

std::string_view ErrorTraits<E2eeError>::name(E2eeError code)
{
    switch (code) {
    case E2eeError::Malformed:
        return "malformed";
    case E2eeError::UnknownVersion:
        return "unknown_version";
    case E2eeError::NotDecryptable:
        return "not_decryptable";
    case E2eeError::KeyGone:
        return "key_gone";
    case E2eeError::TooFarAhead:
        return "too_far_ahead";
    case E2eeError::SeenBefore:
        return "seen_before";
    case E2eeError::MissingPreKey:
        return "missing_prekey";
    case E2eeError::MissingSession:
        return "missing_session";
    case E2eeError::BadBundle:
        return "bad_bundle";
    case E2eeError::BadCertificate:
        return "bad_certificate";
    case E2eeError::TooLarge:
        return "too_large";
    case E2eeError::StateDamaged:
        return "state_damaged";
    case E2eeError::Exhausted:
        return "exhausted";
    }
    return "unknown";
}

Remedy ErrorTraits<E2eeError>::remedy(E2eeError code)
{
    return code == E2eeError::MissingSession ? Remedy::Retry : Remedy::AskUser;
}

} // namespace kith
