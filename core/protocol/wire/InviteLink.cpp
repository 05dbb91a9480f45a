#include "core/protocol/wire/InviteLink.h"

#include "core/protocol/wire/WireError.h"

#include <algorithm>
#include <charconv>

namespace kith::wire
{
namespace
{

constexpr std::string_view scheme = "kith://";
constexpr std::size_t maxHost = 253;
constexpr std::size_t fingerprintSize = 32;

Error wrong(std::string sentence)
{
    Error error = Error::make(WireCode::Invalid, std::move(sentence));
    error.remedy = Remedy::AskUser;
    return error;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A host name or IPv4 address: labels of 1 to 63 letters, digits and inner hyphens.
bool isName(std::string_view host)
{
    if (host.empty() || host.size() > maxHost)
        return false;
    while (true) {
        const std::size_t dot = std::min(host.find('.'), host.size());
        const std::string_view label = host.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
            return false;
        if (!std::all_of(label.begin(), label.end(), [](char c) { return isLetter(c) || isDigit(c) || c == '-'; }))
            return false;
        if (dot == host.size())
            return true;
        host.remove_prefix(dot + 1);
    }
}

/// What may stand between brackets; whether it is an address the resolver decides.
bool isIpv6(std::string_view host)
{
    if (host.size() < 2 || host.size() > 45 || host.find(':') == std::string_view::npos)
        return false;
    return std::all_of(host.begin(), host.end(), [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    });
}

std::optional<std::uint16_t> parsePort(std::string_view text)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.size() > 5 || error != std::errc{} || end != text.data() + text.size() || value == 0 ||
        value > 65535 || text.front() == '0')
        return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

bool isToken(std::string_view text)
{
    return text.size() >= 8 && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '-' || c == '_';
           });
}

/// Empty where `text` is no fingerprint.
Bytes parseFingerprint(std::string_view text)
{
    Bytes bytes = fromBase64Url(text).value_or(Bytes{});
    if (bytes.size() != fingerprintSize)
        bytes.clear();
    return bytes;
}

Result<void> readParameter(std::string_view name, std::string_view value, InviteLink& link)
{
    if (name == "t" && link.token.empty()) {
        if (!isToken(value))
            return wrong("the invite link's token is damaged");
        link.token = value;
        return {};
    }
    if ((name == "k" && link.identity.empty()) || (name == "s" && link.serverKey.empty())) {
        Bytes& fingerprint = name == "k" ? link.identity : link.serverKey;
        fingerprint = parseFingerprint(value);
        if (fingerprint.empty())
            return wrong("the invite link's fingerprint is damaged");
        return {};
    }
    if (name == "plain" && !link.plain && value == "1") {
        link.plain = true;
        return {};
    }
    return wrong("the invite link has a part that this version of Kith does not know, or one twice");
}

} // namespace

std::optional<HostPort> parseHostPort(std::string_view text)
{
    HostPort out;
    std::string_view host = text;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == std::string_view::npos)
            return std::nullopt;
        host = text.substr(1, bracket - 1);
        rest = text.substr(bracket + 1);
        if (!isIpv6(host))
            return std::nullopt;
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        host = text.substr(0, colon);
        rest = text.substr(colon);
        if (!isName(host))
            return std::nullopt;
    }
    if (!rest.empty()) {
        const auto port = rest.front() == ':' ? parsePort(rest.substr(1)) : std::nullopt;
        if (!port)
            return std::nullopt;
        out.port = *port;
    }
    out.host = host;
    std::transform(out.host.begin(), out.host.end(), out.host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string formatHostPort(const HostPort& address)
{
    std::string out = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
    if (address.port != defaultPort)
        out += ":" + std::to_string(address.port);
    return out;
}

bool isLoopbackHost(std::string_view host)
{
    const bool ipv4 = host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
                      std::all_of(host.begin(), host.end(), [](char c) { return isDigit(c) || c == '.'; });
    return host == "localhost" || host == "::1" || ipv4;
}

Result<InviteLink> parseInviteLink(std::string_view text)
{
    if (text.size() > maxInviteLink)
        return wrong("the invite link is too long");
    if (!text.starts_with(scheme))
        return wrong("an invite link starts with kith://");
    text.remove_prefix(scheme.size());
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || !text.substr(slash).starts_with("/i#"))
        return wrong("the invite link is cut off: it reads kith://SERVER/i#...");
    const auto address = parseHostPort(text.substr(0, slash));
    if (!address)
        return wrong("the invite link names no valid server address");
    InviteLink link;
    link.host = address->host;
    link.port = address->port;
    std::string_view fragment = text.substr(slash + 3);
    while (true) {
        const std::size_t end = std::min(fragment.find('&'), fragment.size());
        const std::string_view pair = fragment.substr(0, end);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        KITH_CHECK(readParameter(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())), link));
        if (end == fragment.size())
            break;
        fragment.remove_prefix(end + 1);
    }
    if (link.token.empty())
        return wrong("the invite link has no token");
    if (link.plain && (!isLoopbackHost(link.host) || !link.serverKey.empty()))
        return wrong("the invite link asks for an unprotected connection to another machine");
    return link;
}

std::string formatInviteLink(const InviteLink& link)
{
    std::string out = std::string(scheme) + formatHostPort({link.host, link.port}) + "/i#t=" + link.token;
    if (!link.identity.empty())
        out += "&k=" + toBase64Url(link.identity);
    if (!link.serverKey.empty())
        out += "&s=" + toBase64Url(link.serverKey);
    if (link.plain)
        out += "&plain=1";
    return out;
}

} // namespace kith::wire
