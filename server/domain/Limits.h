#pragma once
/// Every number that the server's rules hold callers to, with its default, in one table (docs/protocol/server-rules.md
/// explains them; core/protocol/wire/Limits.h are the hard ones of the wire, which none of these may pass). Plain
/// values; the operator's config may lower them.

#include "core/base/Clock.h"

#include <cstddef>
#include <cstdint>

namespace kith::server
{

/// What is counted in token buckets, and per what.
enum class Rate : std::uint8_t {
    SendPerDevice,
    SendPerConversation,
    SendPerAccount,
    RegisterPerAddress,
    AuthenticatePerAddress,
    ClaimPerAccount,  ///< Pre-key bundles: the exhaustion attack.
    FindPerAccount,   ///< Look-ups by handle.
    CreatePerAccount, ///< Conversations.
    InvitePerAccount,
    ResendPerPeer, ///< Asking account | asked account.
    PublishPerDevice,
    BlockPerAccount,
};
constexpr std::size_t rateCount = 12;

/// A bucket holds `burst` tokens and gains one per `refill`.
struct RateLimit {
    std::uint32_t burst = 1;
    Millis refill{1000};
};

struct Limits {
    std::size_t body = 66U << 10; ///< Octets of one application entry as it is sealed: 64 KiB of text fit.
    std::size_t envelope = 512;
    std::size_t envelopes = 20;
    std::size_t dropSeqs = 64;
    std::size_t unopened = 64;
    std::size_t minHandle = 3;
    std::size_t maxHandle = 32;
    std::size_t devices = 10;           ///< Of one account.
    std::size_t deviceChanges = 5;      ///< In 24 hours.
    std::size_t manifest = 16U << 10;   ///< Octets.
    std::size_t oneTimePreKeys = 100;   ///< Stored for one device.
    std::size_t oneTimePreKeysLow = 20; ///< Below this the device is told.
    std::size_t kemKey = 2048;          ///< Octets of a reserved KEM key or its signature.
    std::size_t pageEntries = 256;
    std::size_t pageBytes = 1U << 20;
    std::size_t positions = 1000;
    std::size_t heads = 1000;
    std::size_t hintRows = 8U << 10;      ///< Octets of rows that travel with a hint.
    std::size_t presenceUsers = 500;      ///< Watched by one connection.
    std::size_t ephemeralMembers = 32;    ///< Above it there is no typing.
    std::size_t conflictsBeforeGrace = 3; ///< On one message; then a recently current device list is taken.
    std::uint32_t inviteUses = 1000;
    Millis inviteLifetime{std::chrono::hours(24 * 7)};
    Millis longestInvite{std::chrono::hours(24 * 90)};
    Millis listGrace{60'000}; ///< How long a replaced device list counts as recent.
    Millis resendAge{std::chrono::hours(24 * 30)};
    Millis resumeLifetime{std::chrono::hours(1)};
    Millis typingInterval{3000};
    Millis presenceInterval{1000}; ///< Changes of one person are sent at most this often.
    Millis presenceLease{75'000};  ///< A device that says nothing for this long is offline.

    /// Any span of time t lets through burst + t / refill.
    RateLimit rates[rateCount] = {
        {200, Millis{10}},     // SendPerDevice: 100 a second
        {400, Millis{5}},      // SendPerConversation
        {400, Millis{5}},      // SendPerAccount
        {20, Millis{30'000}},  // RegisterPerAddress
        {300, Millis{200}},    // AuthenticatePerAddress
        {60, Millis{20'000}},  // ClaimPerAccount
        {10, Millis{180'000}}, // FindPerAccount: never more than 30 in an hour
        {50, Millis{60'000}},  // CreatePerAccount
        {20, Millis{60'000}},  // InvitePerAccount
        {50, Millis{576'000}}, // ResendPerPeer: never more than 200 in a day
        {20, Millis{30'000}},  // PublishPerDevice
        {60, Millis{10'000}},  // BlockPerAccount
    };
    [[nodiscard]] const RateLimit& rate(Rate which) const { return rates[static_cast<std::size_t>(which)]; }
};

} // namespace kith::server
