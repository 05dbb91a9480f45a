#include "core/domain/DeliveryState.h"

#include <algorithm>

namespace kith
{

DeliveryState deliveryState(const Message& message, std::span<const MemberMark> others)
{
    if (message.confirmation == Confirmation::Unconfirmed)
        return DeliveryState::Unconfirmed; // others' too: this device alone has it
    if (!message.own)
        return DeliveryState::Received;
    switch (message.outbox.value_or(OutboxState::Accepted)) {
    case OutboxState::Queued:
        return DeliveryState::Queued;
    case OutboxState::Sealed:
    case OutboxState::Sent:
        return DeliveryState::Sending;
    case OutboxState::Failed:
        return DeliveryState::Failed;
    case OutboxState::Accepted:
        break;
    }
    if (!message.position || others.empty())
        return DeliveryState::Accepted;
    const Seq seq = message.position->seq;
    if (std::all_of(others.begin(), others.end(), [&](const MemberMark& mark) { return mark.read >= seq; }))
        return DeliveryState::Read;
    if (std::all_of(others.begin(), others.end(), [&](const MemberMark& mark) { return mark.delivered >= seq; }))
        return DeliveryState::Delivered;
    return DeliveryState::Accepted;
}

std::string_view name(DeliveryState state)
{
    switch (state) {
    case DeliveryState::Received:
        return "received";
    case DeliveryState::Queued:
        return "queued";
    case DeliveryState::Sending:
        return "sending";
    case DeliveryState::Accepted:
        return "accepted";
    case DeliveryState::Delivered:
        return "delivered";
    case DeliveryState::Read:
        return "read";
    case DeliveryState::Unconfirmed:
        return "unconfirmed";
    case DeliveryState::Failed:
        return "failed";
    }
    return "unknown";
}

} // namespace kith
