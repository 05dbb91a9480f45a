#include "core/session/SessionError.h"

namespace kith
{

std::string_view ErrorTraits<SessionError>::name(SessionError code)
{
    switch (code) {
    case SessionError::NotRegistered:
        return "not_registered";
    case SessionError::AlreadyRegistered:
        return "already_registered";
    case SessionError::NotFound:
        return "not_found";
    case SessionError::Unreachable:
        return "unreachable";
    case SessionError::Certificate:
        return "certificate";
    case SessionError::NewerProtocol:
        return "newer_protocol";
    case SessionError::Revoked:
        return "revoked";
    case SessionError::InvalidText:
        return "invalid_text";
    case SessionError::KeyChanged:
        return "key_changed";
    case SessionError::Timeout:
        return "timeout";
    case SessionError::OldCopy:
        return "old_copy";
    case SessionError::Refused:
        return "refused";
    }
    return "unknown";
}

Remedy ErrorTraits<SessionError>::remedy(SessionError code)
{
    switch (code) {
    case SessionError::Unreachable:
    case SessionError::Timeout:
        return Remedy::Retry;
    default:
        return Remedy::AskUser;
    }
}

} // namespace kith
