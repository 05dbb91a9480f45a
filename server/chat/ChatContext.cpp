#include "server/chat/ChatContext.h"

#include "core/crypto/ConstantTime.h"
#include "core/crypto/Hmac.h"

#include <algorithm>

namespace kith::server
{

namespace
{

SecretBytes derive(ByteView serverKey, ByteView label)
{
    SecretBytes key(32);
    hmacSha256Into(key.data(), serverKey, {label});
    return key;
}

ChatConfig withoutKey(ChatConfig config)
{
    wipe(config.serverKey);
    return config;
}

} // namespace

ChatContext::ChatContext(const ChatPorts& ports, ChatConfig settings)
    : storage(ports.storage), clock(ports.clock), random(ports.random), rates(ports.rates), records(ports.records),
      registry(ports.registry), pairKey(derive(settings.serverKey, "kith direct conversation v1")),
      tokenKey(derive(settings.serverKey, "kith resume token v1")), config(withoutKey(std::move(settings))),
      limits(config.limits), conversations(ports.storage, ports.clock),
      fanout(ports.bus, ports.registry, config.limits), jobs(ports.storage, ports.jobs), putBack(ports.clock)
{
}

std::uint64_t ChatContext::hourNow() const
{
    return static_cast<std::uint64_t>(toMillis(clock.wall()) / 3'600'000);
}

LogId ChatContext::directLogOf(UserId a, UserId b) const
{
    const auto& [low, high] = std::minmax(a, b);
    const Sha256Digest digest = hmacSha256(pairKey.exposeSecret(), {low.view(), high.view()});
    return *LogId::fromBytes(digest.view().substr(0, LogId::size));
}

Result<void> ChatContext::take(Rate rate, ByteView key, std::string_view what) const
{
    const Millis wait = rates.take(rate, key);
    if (wait <= Millis{0})
        return {};
    return rateLimited("Too many " + std::string(what) + " in a short time: wait a little.", wait);
}

void ChatContext::runJob(RecordKey key, Executor& strand, Done<void> done)
{
    jobs.run(std::move(key), [&strand, done = std::move(done)](Result<void> result) {
        strand.post([done, result = std::move(result)] { done(result); });
    });
}

Append ChatContext::accountAppend(UserId user, Bytes body)
{
    const LogId log = accountLogOf(user);
    NewEntry entry;
    entry.kind = EntryKind::System;
    entry.body = std::move(body);
    Append append;
    append.log = log;
    append.entries.push_back(std::move(entry));
    append.activity.push_back({user, log});
    return append;
}

void ChatContext::accountAppended(UserId user, Bytes body, const Committed& committed)
{
    Append append = accountAppend(user, std::move(body));
    if (!committed.accepted.empty())
        fanout.appended({user}, append.log, std::move(append.entries), committed.accepted.front());
}

Result<DirectView> membership(ChatContext& context, LogId log, UserId user)
{
    KITH_TRY(SharedConversation conversation, context.conversations.get(log));
    DirectView view;
    if (conversation) {
        for (const Member& member : conversation->value.members) {
            if (member.user == user)
                view.own = &member;
            else
                view.peer = &member;
        }
    }
    if (view.own == nullptr)
        return refused(ChatError::NotFound, "There is no such conversation.");
    view.conversation = std::move(conversation);
    return view;
}

Result<void> stillListed(const ChatContext& context, const Caller& caller)
{
    KITH_TRY(const auto device, load<Device>(context.storage, deviceKey(caller.user, caller.device)));
    if (!device || device->value.revoked)
        return refused(ChatError::Unauthenticated, "This device was unlinked from the account: link it again.");
    return {};
}

Result<void> mayKnow(ChatContext& context, UserId user, UserId other)
{
    if (user == other)
        return {};
    const Result<DirectView> view = membership(context, context.directLogOf(user, other), user);
    if (view.ok())
        return {};
    return view.error().is(ChatError::NotFound) ? nobodyThere() : view.error();
}

Result<void> mayReach(ChatContext& context, UserId user, UserId other)
{
    KITH_CHECK(mayKnow(context, user, other));
    if (user == other)
        return {};
    KITH_TRY(const DirectView view, membership(context, context.directLogOf(user, other), user));
    return view.peer != nullptr && view.peer->blocksPeer ? Result<void>(nobodyThere()) : Result<void>();
}

bool mayExchange(const DirectView& view)
{
    return view.own->state == MemberState::Accepted && !view.own->blocksPeer &&
           (view.peer == nullptr || (view.peer->state == MemberState::Accepted && !view.peer->blocksPeer));
}

const ReaderDevice* readerOf(const Member& member, DeviceId device)
{
    const auto found = std::find_if(member.devices.begin(), member.devices.end(),
                                    [&](const ReaderDevice& reader) { return reader.device == device; });
    return found == member.devices.end() ? nullptr : &*found;
}

Error doesNotAccept()
{
    return refused(ChatError::Denied, "This person does not accept messages from you.");
}

Error nobodyThere()
{
    return refused(ChatError::NotFound, "Nobody by that name can be found here.");
}

} // namespace kith::server
