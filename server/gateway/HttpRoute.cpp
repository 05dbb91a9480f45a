#include "server/gateway/HttpRoute.h"

#include "core/protocol/wire/Limits.h"

#include <algorithm>

namespace kith::server
{
namespace
{

constexpr std::string_view apiPrefix = "/v1/";

std::string_view reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 411:
        return "Length Required";
    case 413:
        return "Content Too Large";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Internal Server Error";
    }
}

bool offers(std::string_view list, std::string_view wanted)
{
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view item = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        const auto first = item.find_first_not_of(" \t");
        if (first == std::string_view::npos)
            continue;
        item = item.substr(first, item.find_last_not_of(" \t") - first + 1);
        if (item == wanted)
            return true;
    }
    return false;
}

HttpRoute webSocketRoute(const RequestHead& head)
{
    if (head.method != "GET")
        return HttpRefusal{405, "a WebSocket is opened with GET"};
    if (!head.http11 || !head.connectionUpgrade || !head.upgradeWebSocket)
        return HttpRefusal{426, "this address speaks WebSocket; it is for Kith's programs"};
    if (head.webSocketVersion != "13")
        return HttpRefusal{426, "the WebSocket version must be 13 (RFC 6455)"};
    if (head.webSocketKey.size() != 24)
        return HttpRefusal{400, "Sec-WebSocket-Key must be 16 octets in base64 (RFC 6455)"};
    if (!offers(head.subprotocols, subprotocol))
        return HttpRefusal{400, "the WebSocket must offer the subprotocol " + std::string(subprotocol)};
    if (head.contentLength.value_or(0) != 0 || head.chunked)
        return HttpRefusal{400, "a WebSocket request has no body"};
    return ToWebSocket{};
}

HttpRoute callRoute(const RequestHead& head, std::string_view name)
{
    if (head.method != "POST")
        return HttpRefusal{405, "calls are made with POST"};
    const std::size_t slash = name.find('/');
    const wire::Call* call =
        slash == std::string_view::npos ? nullptr : wire::findCall(name.substr(0, slash), name.substr(slash + 1));
    if (call == nullptr)
        return NoSuchCall{"this server knows no such call"};
    if (!call->overHttp)
        return NoSuchCall{std::string(call->name) + " is made over the WebSocket at " + std::string(webSocketPath)};
    if (head.chunked || !head.contentLength)
        return HttpRefusal{411, "the length of the body must be stated"};
    if (*head.contentLength > wire::maxFrame)
        return HttpRefusal{413, "the body has more than " + std::to_string(wire::maxFrame) + " octets"};
    return ToCall{call, static_cast<std::size_t>(*head.contentLength)};
}

} // namespace

HttpRoute routeOf(const RequestHead& head)
{
    const std::string_view path = head.path();
    if (path == webSocketPath)
        return webSocketRoute(head);
    if (path.starts_with(apiPrefix) && path.find('/', apiPrefix.size()) != std::string_view::npos)
        return callRoute(head, path.substr(apiPrefix.size()));
    return HttpRefusal{404, "there is nothing here; this is a Kith server, open the invite link in Kith"};
}

Bytes httpResponse(int status, std::string_view contentType, ByteView body)
{
    Bytes out = "HTTP/1.1 " + std::to_string(status) + ' ' + std::string(reason(status)) +
                "\r\nContent-Type: " + std::string(contentType) + "\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n";
    if (status == 426)
        out += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    if (status == 405)
        out += "Allow: GET, POST\r\n";
    return out.append("\r\n").append(body);
}

Bytes httpResponse(const HttpRefusal& refusal)
{
    return httpResponse(refusal.status, "text/plain; charset=utf-8", refusal.sentence + ".\n");
}

Bytes httpCallError(const Error& error)
{
    const auto wireError = wire::toWire(error);
    const int status = [&] {
        switch (static_cast<wire::WireCode>(wireError.code())) {
        case wire::WireCode::Invalid:
            return 400;
        case wire::WireCode::Unauthenticated:
            return 401;
        case wire::WireCode::Denied:
            return 403;
        case wire::WireCode::NotFound:
            return 404;
        case wire::WireCode::Conflict:
            return 409;
        case wire::WireCode::TooLarge:
            return 413;
        case wire::WireCode::RateLimited:
            return 429;
        case wire::WireCode::Unavailable:
            return 503;
        default:
            return 500;
        }
    }();
    return httpResponse(status, "application/x-protobuf", wireError.SerializeAsString());
}

} // namespace kith::server
