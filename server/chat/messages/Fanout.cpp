#include "server/chat/messages/Fanout.h"

#include "core/crypto/Hash.h"

#include <algorithm>

namespace kith::server
{

namespace
{

std::size_t sizeOf(const NewEntry& entry)
{
    std::size_t size = entry.body.size() + entry.commitment.size();
    for (const Envelope& envelope : entry.envelopes)
        size += DeviceId::size + envelope.sealed.size();
    return size;
}

} // namespace

std::vector<GatewayId> Fanout::gatewaysOf(std::span<const UserId> users) const
{
    std::vector<GatewayId> gateways;
    for (const UserId& user : users) {
        const std::vector<GatewayId> some = registry_.gatewaysOf(user);
        gateways.insert(gateways.end(), some.begin(), some.end());
    }
    std::sort(gateways.begin(), gateways.end());
    gateways.erase(std::unique(gateways.begin(), gateways.end()), gateways.end());
    return gateways;
}

void Fanout::publish(std::span<const GatewayId> gateways, BusEvent event)
{
    const auto shared = std::make_shared<const BusEvent>(std::move(event));
    for (const GatewayId& gateway : gateways)
        bus_.publish(gateway, shared);
}

void Fanout::tell(std::vector<UserId> users, decltype(BusEvent::what) what)
{
    const std::vector<GatewayId> gateways = gatewaysOf(users);
    if (!gateways.empty())
        publish(gateways, BusEvent{std::move(users), std::move(what)});
}

void Fanout::appended(std::vector<UserId> users, LogId log, std::vector<NewEntry> entries,
                      std::span<const Accepted> accepted)
{
    if (accepted.empty())
        return;
    const std::vector<GatewayId> gateways = gatewaysOf(users);
    if (gateways.empty())
        return;

    Hint hint{log, accepted.back().generation, accepted.front().seq, accepted.back().seq, {}};
    std::size_t size = 0;
    for (const NewEntry& entry : entries)
        size += sizeOf(entry);
    if (size <= limits_.hintRows && entries.size() == accepted.size()) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            Entry row;
            static_cast<NewEntry&>(row) = std::move(entries[i]);
            row.log = log;
            row.generation = accepted[i].generation;
            row.seq = accepted[i].seq;
            row.id = accepted[i].id;
            row.time = accepted[i].time;
            row.chain = accepted[i].chain;
            row.bodyHash = sha256(row.body).bytes();
            hint.rows.push_back(std::move(row));
        }
    }
    publish(gateways, BusEvent{std::move(users), std::move(hint)});
}

std::vector<UserId> readersOf(const Conversation& conversation)
{
    std::vector<UserId> users;
    for (const Member& member : conversation.members) {
        if (member.state != MemberState::Left)
            users.push_back(member.user);
    }
    return users;
}

std::vector<ActivityMark> activityOf(const Conversation& conversation)
{
    std::vector<ActivityMark> marks;
    for (const UserId& user : readersOf(conversation))
        marks.push_back({user, conversation.log});
    return marks;
}

} // namespace kith::server
