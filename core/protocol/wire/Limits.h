#pragma once
/// Hard limits of the wire: what a program refuses to send and to accept, before it allocates. Operators may lower some
/// in the server's config; nobody raises them. Sizes in octets. The same table stands in docs/protocol/limits.md.

#include <cstddef>
#include <cstdint>

namespace kith::wire
{

constexpr std::size_t maxFrame = 2U << 20;            ///< One WebSocket message: a commit of 1 MiB and its framing.
constexpr std::size_t maxApplicationBody = 66U << 10; ///< Sealed: 64 KiB of text, what stands around it, padding.
constexpr std::size_t maxEnvelope = 512;
constexpr std::size_t maxEnvelopes = 20; ///< Two people with ten devices each.
constexpr std::size_t maxHandle = 32;
constexpr std::size_t minHandle = 3;
constexpr std::size_t maxDevices = 10;         ///< Of one account.
constexpr std::size_t maxOneTimePreKeys = 100; ///< Stored for one device, and in one upload.
constexpr std::size_t maxPageEntries = 256;
constexpr std::size_t maxPageBytes = 1U << 20; ///< A page ends before it passes this; one entry always fits.
constexpr std::size_t maxPositions = 1000;     ///< Cursors in one HeadsRequest.
constexpr std::size_t maxHeads = 1000;         ///< Logs in one HeadsResponse.
constexpr std::size_t maxUnopened = 64;
constexpr std::size_t maxDropSeqs = 64;
constexpr std::size_t maxPresenceUsers = 500;
constexpr std::size_t maxManifest = 16U << 10;
constexpr std::size_t maxRequestHead = 8U << 10; ///< HTTP request head.
constexpr std::uint32_t requestHeadMs = 5000;    ///< It must have arrived whole by then.
constexpr std::uint32_t heartbeatMs = 25'000;    ///< Either side speaks at least this often.
constexpr std::uint32_t deafAfterMs = 30'000;    ///< Silent longer than this: the socket is given up.

constexpr std::uint32_t minorVersion = 1; ///< Of kith.v1.
constexpr std::uint32_t oldestMinorVersion = 1;

} // namespace kith::wire
