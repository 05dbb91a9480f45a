#include "server/gateway/calls/CallTable.h"

#include <algorithm>

namespace kith::server
{

CallHandler handlerOf(wire::Method method)
{
    for (const auto calls : {sessionCalls(), messageCalls(), accountCalls(), presenceCalls()}) {
        const auto found =
            std::find_if(calls.begin(), calls.end(), [&](const CallEntry& entry) { return entry.method == method; });
        if (found != calls.end())
            return found->handler;
    }
    return nullptr;
}

} // namespace kith::server
