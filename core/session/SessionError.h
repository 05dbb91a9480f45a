#pragma once
/// What a use case answers when it cannot be done, besides the errors of the modules below. Thread: plain values.

#include "core/base/Error.h"

namespace kith
{

enum class SessionError {
    NotRegistered,     ///< The profile has no account yet.
    AlreadyRegistered, ///< The profile has one.
    NotFound,          ///< No such person or conversation.
    Unreachable,       ///< The server was not reached in time; what was queued is kept.
    Certificate,       ///< Whoever answers cannot prove to be the server.
    NewerProtocol,     ///< One side must be updated first.
    Revoked,           ///< This device no longer belongs to the account.
    InvalidText,       ///< Not UTF-8, empty, or too long.
    KeyChanged,        ///< The person's identity key changed and was not accepted yet.
    Timeout,           ///< Connected, but what was waited for did not happen in time.
    OldCopy,           ///< The profile is not the newest state of its device.
    Refused,           ///< The server did not take a message; its row keeps the reason.
};

template <> struct ErrorTraits<SessionError> {
    static constexpr std::string_view domain = "session";
    static std::string_view name(SessionError code);
    static Remedy remedy(SessionError code);
};

} // namespace kith
