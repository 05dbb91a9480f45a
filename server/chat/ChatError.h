#pragma once
/// What a call is refused with. Codes have the wire's numbers, so that server/gateway maps them one to one; a conflict
/// carries what its caller needs to try again in one round trip. Thread: plain values, any.

#include "core/base/Error.h"
#include "server/domain/Manifest.h"

#include <optional>
#include <variant>
#include <vector>

namespace kith::server
{

enum class ChatError {
    Invalid = 1,         ///< The request breaks a rule of form.
    Unauthenticated = 2, ///< A proof, token or device does not hold.
    Denied = 3,
    NotFound = 4,
    Conflict = 5, ///< See conflictOf().
    TooLarge = 6,
    RateLimited = 7, ///< Error::retryAfter says how long.
    Unavailable = 8, ///< Retry later.
    Internal = 9,    ///< Stored data does not parse, or a bug.
};

/// The sender's device lists are not these, which stand now.
struct StaleDeviceLists {
    std::vector<SignedManifest> manifests;
};
/// The next number taken from this device in this log.
struct ExpectedSendNo {
    SendNo expected;
};
/// The log goes on in this generation.
struct LogWasCut {
    Generation generation;
};
/// A compare-and-set lost; what stands now (a manifest's version).
struct LostRace {
    std::uint64_t current = 0;
};
using ConflictDetail = std::variant<StaleDeviceLists, ExpectedSendNo, LogWasCut, LostRace>;

[[nodiscard]] Error conflictError(std::string detail, const ConflictDetail& conflict);
/// Nullopt where `error` is no conflict of this module.
[[nodiscard]] std::optional<ConflictDetail> conflictOf(const Error& error);
[[nodiscard]] Error rateLimited(std::string detail, std::chrono::milliseconds wait);
/// A storage error as a caller is told it; ChatErrors pass unchanged.
[[nodiscard]] Error asChatError(const Error& error);

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::ChatError> {
    static constexpr std::string_view domain = "chat";
    static std::string_view name(server::ChatError code);
    static Remedy remedy(server::ChatError code);
};
} // namespace kith
