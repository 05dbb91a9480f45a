#pragma once
/// Where a server is, as people write it. Strict: what is not understood is refused in words, never guessed.
/// Thread: plain value, any.

#include "core/base/Result.h"
#include "core/protocol/wire/InviteLink.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace kith::net
{

struct ServerAddress {
    std::string host; ///< Lower-case name in ASCII, or an address literal; IPv6 without brackets.
    std::uint16_t port = wire::defaultPort;
    bool plain = false; ///< Without TLS; only where isLoopback().

    /// Accepts `host`, `host:port`, `[v6]:port`, and the schemes kith, https, wss, http, ws with nothing behind the
    /// port but one slash. Without a port: 8443, but 443 for https and wss, and 80 for http and ws, as everywhere.
    /// http and ws mean no TLS and are refused for anything but a loopback host. Errors: NetError::BadAddress.
    [[nodiscard]] static Result<ServerAddress> parse(std::string_view text);

    /// The server that an invite link names.
    [[nodiscard]] static ServerAddress of(const wire::InviteLink& link);

    /// localhost, 127.0.0.0/8 and ::1: packets that never leave the machine.
    [[nodiscard]] bool isLoopback() const;
    /// "host:port", brackets around IPv6; what parse() of a bare address accepts.
    [[nodiscard]] std::string authority() const;
    /// wss://host:port/v1/ws, or ws:// where plain.
    [[nodiscard]] std::string webSocketUrl() const;

    friend bool operator==(const ServerAddress&, const ServerAddress&) = default;
};

} // namespace kith::net
