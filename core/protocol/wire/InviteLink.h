#pragma once
/// Invite links: `kith://host[:port]/i#t=TOKEN[&k=IDENTITY][&s=SERVER-KEY]` (mechanisms.md section 5). What stands
/// behind
/// `#` is never sent to a server by a program that merely opens the link. Thread: plain value and pure functions, any.

#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <cstdint>
#include <optional>
#include <string>

namespace kith::wire
{

/// Where a link or an address names no port.
constexpr std::uint16_t defaultPort = 8443;
constexpr std::size_t maxInviteLink = 1024; ///< Octets of the whole text.

struct InviteLink {
    std::string host; ///< Name, IPv4 or IPv6 address (without brackets), lower case.
    std::uint16_t port = defaultPort;
    std::string token;  ///< base64url, 8 to 128 characters; what Register sends.
    Bytes identity;     ///< SHA-256 of the inviting person's identity key; empty: the server itself invites.
    Bytes serverKey;    ///< SHA-256 of the server's public key (SPKI), to be pinned; empty: a public authority vouches.
    bool plain = false; ///< `plain=1`: no TLS; only for a host on this machine.

    friend bool operator==(const InviteLink&, const InviteLink&) = default;
};

/// Strict: one sentence says what is wrong with the text. Unknown parameters are refused, a newer link may mean
/// something that must not be left out.
[[nodiscard]] Result<InviteLink> parseInviteLink(std::string_view text);
/// Inverse of parseInviteLink; the port is left out where it is the default one.
[[nodiscard]] std::string formatInviteLink(const InviteLink& link);

/// "host", "host:port", "[::1]:port": what people type for a server. Nullopt where it is no such thing.
struct HostPort {
    std::string host;
    std::uint16_t port = defaultPort;

    friend bool operator==(const HostPort&, const HostPort&) = default;
};
[[nodiscard]] std::optional<HostPort> parseHostPort(std::string_view text);
[[nodiscard]] std::string formatHostPort(const HostPort& address);
/// "localhost", 127.0.0.0/8 or ::1, as text; names are not looked up.
[[nodiscard]] bool isLoopbackHost(std::string_view host);

} // namespace kith::wire
