#include "core/net/ServerAddress.h"

#include "core/net/NetError.h"

#include <QHostAddress>
#include <QUrl>

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
    Scheme{"kith://", ServerAddress::defaultPort, false},
    Scheme{"https://", 443, false},
    Scheme{"wss://", 443, false},
    Scheme{"http://", 80, true},
    Scheme{"ws://", 80, true},
};
constexpr std::size_t maxText = 300; // A DNS name has at most 253 octets.

Error bad(std::string_view text, const std::string& why)
{
    return Error::make(NetError::BadAddress,
                       "\"" + std::string(text.substr(0, maxText)) + "\" is not a server address: " + why);
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// An address literal in canonical form, or nothing.
std::optional<std::string> literal(std::string_view text)
{
    const auto form = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    QHostAddress address;
    if (!address.setAddress(form) || !address.scopeId().isEmpty())
        return std::nullopt;
    return address.toString().toStdString();
}

bool allDigitsAndDots(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

/// A DNS name in ASCII, or nothing: labels of letters, digits, hyphens.
std::optional<std::string> name(std::string_view text)
{
    const QByteArray ascii = QUrl::toAce(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
    std::string out(ascii.constData(), static_cast<std::size_t>(ascii.size()));
    std::transform(out.begin(), out.end(), out.begin(), lower);
    if (out.empty() || out.size() > 253)
        return std::nullopt;
    std::size_t label = 0;
    char before = '.';
    for (const char c : out) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (c == '.') {
            if (label == 0 || before == '-')
                return std::nullopt;
            label = 0;
        } else {
            if ((!letter && c != '-') || (c == '-' && label == 0) || ++label > 63)
                return std::nullopt;
        }
        before = c;
    }
    if (label == 0 || before == '-')
        return std::nullopt;
    return out;
}

std::optional<std::uint16_t> number(std::string_view text)
{
    if (text.empty() || text.size() > 5 || text.front() == '0')
        return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (value > 65535)
        return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

} // namespace

Result<ServerAddress> ServerAddress::parse(std::string_view text)
{
    if (text.size() > maxText)
        return bad(text, "it is too long");
    ServerAddress out;
    std::string_view rest = text;
    bool hasScheme = false;
    if (const auto end = text.find("://"); end != std::string_view::npos) {
        std::string prefix(text.substr(0, end + 3));
        std::transform(prefix.begin(), prefix.end(), prefix.begin(), lower);
        const auto* scheme =
            std::find_if(schemes.begin(), schemes.end(), [&](const Scheme& s) { return s.prefix == prefix; });
        if (scheme == schemes.end())
            return bad(text, "it must begin with kith, https or wss, or name the host alone");
        out.port = scheme->port;
        out.plain = scheme->plain;
        hasScheme = true;
        rest = text.substr(end + 3);
    }
    if (hasScheme && !rest.empty() && rest.back() == '/')
        rest.remove_suffix(1);
    if (rest.empty())
        return bad(text, "the host is missing");
    if (rest.find_first_of("/?#@\\ \t\r\n") != std::string_view::npos)
        return bad(text, "only a host and a port may stand in it");

    std::string_view host = rest;
    std::optional<std::string_view> port;
    if (rest.front() == '[') {
        const auto end = rest.find(']');
        if (end == std::string_view::npos)
            return bad(text, "the bracket is not closed");
        host = rest.substr(1, end - 1);
        const std::string_view after = rest.substr(end + 1);
        if (!after.empty() && after.front() != ':')
            return bad(text, "only a port may follow the bracket");
        if (!after.empty())
            port = after.substr(1);
        const auto address = literal(host);
        if (!address || host.find(':') == std::string_view::npos)
            return bad(text, "in brackets stands no IPv6 address");
        out.host = *address;
    } else {
        if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
            if (rest.find(':', colon + 1) != std::string_view::npos)
                return bad(text, "an IPv6 address must stand in brackets");
            host = rest.substr(0, colon);
            port = rest.substr(colon + 1);
        }
        // Qt would read "127.1" as an address; only the whole form is one here.
        const bool numeric = allDigitsAndDots(host);
        const auto resolved = numeric ? literal(host) : name(host);
        if (!resolved || (numeric && *resolved != host))
            return bad(text, "the host is neither a name nor an address");
        out.host = *resolved;
    }
    if (port) {
        const auto value = number(*port);
        if (!value)
            return bad(text, "the port must be a number from 1 to 65535");
        out.port = *value;
    }
    if (out.plain && !out.isLoopback())
        return bad(text, "without encryption only this machine itself may be named");
    return out;
}

bool ServerAddress::isLoopback() const
{
    if (host == "localhost")
        return true;
    const auto form = QString::fromStdString(host);
    QHostAddress address;
    return address.setAddress(form) && address.isLoopback();
}

std::string ServerAddress::authority() const
{
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string ServerAddress::webSocketUrl() const
{
    return (plain ? "ws://" : "wss://") + authority() + "/v1/ws";
}

} // namespace kith::net
