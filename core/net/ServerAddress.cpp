#include "core/net/ServerAddress.h"

#include "core/net/NetError.h"
#include "core/protocol/wire/InviteLink.h"

#include <QHostAddress>

#include <algorithm>
#include <array>

namespace kith::net
{
namespace
{

struct Scheme {
    std::string_view prefix;
    std::uint16_t port;
    bool plain;
};
constexpr std::array schemes{
    Scheme{"kith", wire::defaultPort, false},
    Scheme{"https", 443, false},
    Scheme{"wss", 443, false},
    Scheme{"http", 80, true},
    Scheme{"ws", 80, true},
};
constexpr std::size_t maxText = 300; // A DNS name has at most 253 octets.

Error bad(std::string_view text, const std::string& why)
{
    return Error::make(NetError::BadAddress,
                       "\"" + std::string(text.substr(0, maxText)) + "\" is not a server address: " + why);
}

/// Hosts that look like a number must be one in full: resolvers read "127.1" and "1" as addresses, people do not.
bool isSound(const std::string& host)
{
    const bool v6 = host.find(':') != std::string::npos;
    const bool v4 = std::all_of(host.begin(), host.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    if (!v6 && !v4)
        return true;
    QHostAddress address;
    return address.setAddress(QString::fromStdString(host)) &&
           (v6 || address.toString() == QString::fromStdString(host));
}

} // namespace

Result<ServerAddress> ServerAddress::parse(std::string_view text)
{
    if (text.size() > maxText)
        return bad(text, "it is too long");
    ServerAddress out;
    out.port = wire::defaultPort;
    std::string_view rest = text;
    if (const auto end = text.find("://"); end != std::string_view::npos) {
        const auto scheme = std::find_if(schemes.begin(), schemes.end(),
                                         [&](const Scheme& s) { return s.prefix == text.substr(0, end); });
        if (scheme == schemes.end())
            return bad(text, "it must begin with kith://, https:// or wss://, or name the host alone");
        out.port = scheme->port;
        out.plain = scheme->plain;
        rest = text.substr(end + 3);
        if (rest.ends_with('/'))
            rest.remove_suffix(1);
    }
    const auto address = wire::parseHostPort(rest);
    if (!address || !isSound(address->host))
        return bad(text, "it must be a host name or an address (IPv6 in brackets), and perhaps a port");
    out.host = address->host;
    const std::string explicitDefault = ":" + std::to_string(wire::defaultPort);
    if (address->port != wire::defaultPort || rest.ends_with(explicitDefault))
        out.port = address->port;
    if (out.plain && !out.isLoopback())
        return bad(text, "without encryption only this machine itself may be named");
    return out;
}

ServerAddress ServerAddress::of(const wire::InviteLink& link)
{
    return {link.host, link.port, link.plain};
}

bool ServerAddress::isLoopback() const
{
    return wire::isLoopbackHost(host);
}

std::string ServerAddress::authority() const
{
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string ServerAddress::webSocketUrl() const
{
    return (plain ? "ws://" : "wss://") + authority() + "/v1/ws";
}

} // namespace kith::net
