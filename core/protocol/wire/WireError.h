#pragma once
/// The stable error codes of the wire as Kith errors, in both directions, and the table of calls. Thread: pure, any.

#include "core/base/Result.h"
#include "core/protocol/wire/rpc.pb.h"

#include <optional>
#include <span>

namespace kith::wire
{

/// Mirrors ErrorCode of rpc.proto; numbers are the wire's.
enum class WireCode {
    Invalid = 1,
    Unauthenticated = 2,
    Denied = 3,
    NotFound = 4,
    Conflict = 5,
    TooLarge = 6,
    RateLimited = 7,
    Unavailable = 8,
    Internal = 9,
};

/// An error as the peer is told it. Error::payload carries a serialized Conflict.
[[nodiscard]] CallError toWire(const Error& error);
/// The peer's error as ours; unknown codes read as Internal.
[[nodiscard]] Error fromWire(const CallError& error);
[[nodiscard]] Error conflict(std::string detail, const Conflict& conflict);
/// The typed detail of a conflict, where `error` has one.
[[nodiscard]] std::optional<Conflict> conflictOf(const Error& error);

/// Which carriers and states a call is allowed on.
struct Call {
    Method method;
    std::string_view service; ///< In POST /v1/<service>/<name>.
    std::string_view name;
    bool beforeAuthentication;
    bool overHttp;
};

[[nodiscard]] std::span<const Call> calls();
/// Nullptr for numbers that are no call.
[[nodiscard]] const Call* findCall(Method method);
[[nodiscard]] const Call* findCall(std::string_view service, std::string_view name);
/// "SendMessage"; "method 77" for unknown ones reads "unknown".
[[nodiscard]] std::string_view methodName(Method method);

} // namespace kith::wire

namespace kith
{

template <> struct ErrorTraits<wire::WireCode> {
    static constexpr std::string_view domain = "wire";
    static std::string_view name(wire::WireCode code);
    static Remedy remedy(wire::WireCode code);
};

} // namespace kith
