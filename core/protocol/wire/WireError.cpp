#include "core/protocol/wire/WireError.h"

#include <algorithm>
#include <array>

namespace kith
{

std::string_view ErrorTraits<wire::WireCode>::name(wire::WireCode code)
{
    using wire::WireCode;
    switch (code) {
    case WireCode::Invalid:
        return "invalid";
    case WireCode::Unauthenticated:
        return "unauthenticated";
    case WireCode::Denied:
        return "denied";
    case WireCode::NotFound:
        return "not_found";
    case WireCode::Conflict:
        return "conflict";
    case WireCode::TooLarge:
        return "too_large";
    case WireCode::RateLimited:
        return "rate_limited";
    case WireCode::Unavailable:
        return "unavailable";
    case WireCode::Internal:
        return "internal";
    }
    return "internal";
}

Remedy ErrorTraits<wire::WireCode>::remedy(wire::WireCode code)
{
    using wire::WireCode;
    switch (code) {
    case WireCode::Conflict:
    case WireCode::RateLimited:
    case WireCode::Unavailable:
        return Remedy::Retry;
    case WireCode::Internal:
    case WireCode::Invalid:
        return Remedy::Bug;
    default:
        return Remedy::AskUser;
    }
}

namespace wire
{
namespace
{

constexpr std::array callTable{
    Call{HELLO, "Session", "Hello", true, false},
    Call{REGISTER, "Session", "Register", true, false},
    Call{AUTHENTICATE, "Session", "Authenticate", true, false},
    Call{RESUME, "Session", "Resume", true, false},
    Call{PING, "Session", "Ping", true, false},
    Call{LOGOUT, "Session", "Logout", false, false},
    Call{SEND_MESSAGE, "Messages", "SendMessage", false, false},
    Call{HEADS, "Messages", "Heads", false, false},
    Call{SYNC, "Messages", "Sync", false, false},
    Call{ACK, "Messages", "Ack", false, false},
    Call{CREATE_CONVERSATION, "Conversations", "CreateConversation", false, false},
    Call{RESPOND_REQUEST, "Conversations", "RespondRequest", false, false},
    Call{REQUEST_RESEND, "Messages", "RequestResend", false, false},
    Call{PUBLISH_KEYS, "Keys", "PublishKeys", false, false},
    Call{CLAIM_KEYS, "Keys", "ClaimKeys", false, false},
    Call{LINK_DEVICE, "Devices", "LinkDevice", false, false},
    Call{REVOKE_DEVICE, "Devices", "RevokeDevice", false, false},
    Call{LIST_DEVICES, "Devices", "ListDevices", false, false},
    Call{FIND_PEOPLE, "People", "FindPeople", false, false},
    Call{BLOCK, "People", "Block", false, false},
    Call{UNBLOCK, "People", "Unblock", false, false},
    Call{SET_PRIVACY, "People", "SetPrivacy", false, false},
    Call{CREATE_INVITE, "People", "CreateInvite", false, false},
    Call{REVOKE_INVITE, "People", "RevokeInvite", false, false},
    Call{SUBSCRIBE_PRESENCE, "Presence", "SubscribePresence", false, false},
    Call{SET_PRESENCE, "Presence", "SetPresence", false, false},
    Call{TYPING, "Presence", "Typing", false, false},
    Call{SET_FOCUS, "Presence", "SetFocus", false, false},
};

} // namespace

CallError toWire(const Error& error)
{
    CallError out;
    if (error.domain != ErrorTraits<WireCode>::domain) {
        out.set_code(INTERNAL); // another module's error: the peer learns that it failed, not how
        out.set_detail("the server could not complete this");
        out.set_retry(error.remedy == Remedy::Retry);
        return out;
    }
    out.set_code(static_cast<ErrorCode>(error.code));
    out.set_detail(error.detail);
    out.set_retry(error.remedy == Remedy::Retry);
    out.set_retry_after_ms(static_cast<std::uint32_t>(error.retryAfter.count()));
    if (!error.payload.empty())
        out.mutable_conflict()->ParseFromString(error.payload);
    return out;
}

Error fromWire(const CallError& error)
{
    const int code = error.code();
    const bool known = code >= INVALID && code <= INTERNAL;
    Error out = Error::make(known ? static_cast<WireCode>(code) : WireCode::Internal, error.detail());
    if (error.retry())
        out.remedy = Remedy::Retry;
    out.retryAfter = std::chrono::milliseconds{error.retry_after_ms()};
    if (error.has_conflict())
        out.payload = error.conflict().SerializeAsString();
    return out;
}

Error conflict(std::string detail, const Conflict& conflict)
{
    Error error = Error::make(WireCode::Conflict, std::move(detail));
    error.payload = conflict.SerializeAsString();
    return error;
}

std::optional<Conflict> conflictOf(const Error& error)
{
    Conflict conflict;
    if (error.payload.empty() || !error.is(WireCode::Conflict) || !conflict.ParseFromString(error.payload))
        return std::nullopt;
    return conflict;
}

std::span<const Call> calls()
{
    return callTable;
}

const Call* findCall(Method method)
{
    const auto* found =
        std::find_if(callTable.begin(), callTable.end(), [&](const Call& c) { return c.method == method; });
    return found == callTable.end() ? nullptr : found;
}

const Call* findCall(std::string_view service, std::string_view name)
{
    const auto* found = std::find_if(callTable.begin(), callTable.end(),
                                     [&](const Call& c) { return c.service == service && c.name == name; });
    return found == callTable.end() ? nullptr : found;
}

std::string_view methodName(Method method)
{
    const Call* call = findCall(method);
    return call != nullptr ? call->name : "unknown";
}

} // namespace wire
} // namespace kith
