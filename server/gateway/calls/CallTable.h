#pragma once
/// Method → handler, for every call of core/protocol/wire's table. Thread: pure; handlers on the connection's strand.

#include "server/gateway/calls/CallContext.h"

namespace kith::server
{

/// Parses `body`, calls the rule, answers through `reply` (possibly at once).
using CallHandler = void (*)(const ContextPtr& context, ByteView body, Reply reply);

/// Nullptr for numbers that are no call.
[[nodiscard]] CallHandler handlerOf(wire::Method method);

/// A handler that parses `Request` and answers a body that does not parse, or an id of wrong size, with Invalid.
template <class Request, wire::Method method, Result<void> (*Serve)(const ContextPtr&, const Request&, const Reply&)>
void serve(const ContextPtr& context, ByteView body, Reply reply)
{
    const auto request = wire::parseBody<Request>(method, body);
    if (!request.ok()) {
        reply(request.error());
        return;
    }
    const auto started = Serve(context, *request, reply);
    if (!started.ok())
        reply(started.error());
}

// One list per service.
struct CallEntry {
    wire::Method method;
    CallHandler handler;
};
[[nodiscard]] std::span<const CallEntry> sessionCalls();
[[nodiscard]] std::span<const CallEntry> messageCalls();
[[nodiscard]] std::span<const CallEntry> accountCalls(); ///< Keys, devices, people, conversations.
[[nodiscard]] std::span<const CallEntry> presenceCalls();

} // namespace kith::server
