#pragma once
/// The head of an HTTP/1.1 request, from bytes that stay where they are (the socket is peeked, decision 0023).
/// Thread: plain value, any.

#include "core/base/Bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace kith::server
{

/// Why a request is not served, in the terms of HTTP.
struct HttpRefusal {
    int status = 400;
    std::string sentence; ///< For the person who looks at it.
};

struct RequestHead {
    std::string method;
    std::string target;   ///< As sent: path and query.
    std::size_t size = 0; ///< Octets of the head, up to and with the empty line.
    std::optional<std::uint64_t> contentLength;
    bool chunked = false;
    bool http11 = false;
    bool keepAlive = false;
    // What decides whether a WebSocket may be opened.
    bool connectionUpgrade = false;
    bool upgradeWebSocket = false;
    std::string webSocketVersion;
    std::string webSocketKey;
    std::string subprotocols; ///< The list as sent, comma-separated.

    [[nodiscard]] std::string_view path() const;
};

/// The head is not complete yet.
struct HeadIncomplete {
};
using HeadResult = std::variant<HeadIncomplete, RequestHead, HttpRefusal>;

/// Reads the head at the start of `bytes`, which is everything received so far (or its first `limit` + 1 octets).
/// Refuses what is malformed (400), more than `limit` octets of head (431), an unknown HTTP version (505) and an
/// ambiguous length (400: request smuggling). Bytes that can never become a request are refused as soon as that is
/// seen.
[[nodiscard]] HeadResult readRequestHead(ByteView bytes, std::size_t limit);

} // namespace kith::server
