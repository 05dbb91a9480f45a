#pragma once
/// Where a request goes: to the WebSocket, to a call, or back with a sentence. Pure functions, any thread.

#include "core/protocol/wire/WireError.h"
#include "server/gateway/RequestHead.h"

#include <variant>

namespace kith::server
{

struct ToWebSocket {
};
/// POST /v1/<Service>/<Method> whose body of `length` octets follows the head.
struct ToCall {
    const wire::Call* call; ///< From the table of calls; never null.
    std::size_t length;
};
/// The path names a call that does not exist or that this carrier does not offer: answered with a CallError (404).
struct NoSuchCall {
    std::string sentence;
};
using HttpRoute = std::variant<ToWebSocket, ToCall, NoSuchCall, HttpRefusal>;

constexpr std::string_view webSocketPath = "/v1/ws";
constexpr std::string_view subprotocol = "kith.v1";

[[nodiscard]] HttpRoute routeOf(const RequestHead& head);

/// A whole HTTP/1.1 response that ends the connection. Refusals are sentences (text/plain), calls answer in Protobuf.
[[nodiscard]] Bytes httpResponse(const HttpRefusal& refusal);
[[nodiscard]] Bytes httpResponse(int status, std::string_view contentType, ByteView body);
/// The refusal of a call as its caller reads it: status and CallError.
[[nodiscard]] Bytes httpCallError(const Error& error);

} // namespace kith::server
