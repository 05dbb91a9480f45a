#include "core/store/sqlite/StoreError.h"

namespace kith
{

std::string_view ErrorTraits<StoreError>::name(StoreError code)
{
    switch (code) {
    case StoreError::WrongKey:
        return "wrong_key";
    case StoreError::Damaged:
        return "damaged";
    case StoreError::TooNew:
        return "too_new";
    case StoreError::Full:
        return "full";
    case StoreError::Io:
        return "io";
    case StoreError::Stopped:
        return "stopped";
    case StoreError::Busy:
        return "busy";
    case StoreError::NotFound:
        return "not_found";
    case StoreError::Refused:
        return "refused";
    case StoreError::Gap:
        return "gap";
    case StoreError::Invalid:
        return "invalid";
    case StoreError::Failed:
        return "failed";
    }
    return "unknown";
}

Remedy ErrorTraits<StoreError>::remedy(StoreError code)
{
    switch (code) {
    case StoreError::Busy:
    case StoreError::Gap:
        return Remedy::Retry;
    case StoreError::Refused:
    case StoreError::Invalid:
    case StoreError::Failed:
        return Remedy::Bug;
    default:
        return Remedy::AskUser;
    }
}

} // namespace kith
