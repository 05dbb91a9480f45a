// Typing, focus, presence: in memory, shed first.
#include "core/protocol/wire/sync.pb.h"
#include "server/gateway/calls/CallTable.h"
#include "server/gateway/calls/DomainCodec.h"

namespace kith::server
{
namespace
{

Result<void> typing(const ContextPtr& context, const wire::TypingRequest& request, const Reply& reply)
{
    KITH_TRY(const LogId log, readId<LogId>(request.log_id(), "log_id"));
    context->chat().presence.typing(context->caller(), log, request.typing(), answeringEmpty(reply));
    return {};
}

Result<void> setFocus(const ContextPtr& context, const wire::FocusRequest& request, const Reply& reply)
{
    LogId log;
    if (!request.log_id().empty()) {
        KITH_TRY(log, readId<LogId>(request.log_id(), "log_id"));
    }
    context->focused(log);
    reply(Bytes{});
    return {};
}

Result<void> setPresence(const ContextPtr& context, const wire::SetPresenceRequest& request, const Reply& reply)
{
    if (!wire::PresenceState_IsValid(request.state()) || request.state() == wire::PRESENCE_UNKNOWN)
        return Error::make(wire::WireCode::Invalid, "a device is ONLINE, AWAY or OFFLINE");
    context->chat().presence.set(context->caller(), static_cast<PresenceState>(request.state()), answeringEmpty(reply));
    return {};
}

Result<void> subscribePresence(const ContextPtr& context, const wire::SubscribePresenceRequest& request,
                               const Reply& reply)
{
    KITH_TRY(auto users, readIds<UserId>(request.users(), "a user id"));
    context->watchesPresence(!users.empty());
    using Views = std::vector<PresenceView>;
    context->chat().presence.watch(context->caller(), std::move(users), answering<Views>(reply, [](const Views& views) {
                                       wire::SubscribePresenceResponse response;
                                       for (const PresenceView& view : views)
                                           write(view, response.add_presence());
                                       return response;
                                   }));
    return {};
}

constexpr CallEntry table[] = {
    {wire::TYPING, serve<wire::TypingRequest, wire::TYPING, typing>},
    {wire::SET_FOCUS, serve<wire::FocusRequest, wire::SET_FOCUS, setFocus>},
    {wire::SET_PRESENCE, serve<wire::SetPresenceRequest, wire::SET_PRESENCE, setPresence>},
    {wire::SUBSCRIBE_PRESENCE, serve<wire::SubscribePresenceRequest, wire::SUBSCRIBE_PRESENCE, subscribePresence>},
};

} // namespace

std::span<const CallEntry> presenceCalls()
{
    return table;
}

} // namespace kith::server
