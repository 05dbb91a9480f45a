#include "app/cli/Rows.h"

#include <QDateTime>

namespace kith::cli
{
namespace
{

/// What the row says of a message: for own ones the outbox and the marks, for others whether it could be opened.
std::string_view stateOf(const Message& message, DeliveryState delivery)
{
    if (message.kind == MessageKind::Waiting)
        return "waiting";
    if (message.kind == MessageKind::Lost)
        return "lost";
    if (message.kind == MessageKind::Unknown)
        return "unknown";
    if (message.own && message.outbox && *message.outbox != OutboxState::Accepted)
        return name(*message.outbox);
    return name(delivery);
}

std::string_view requestStateName(RequestState state)
{
    switch (state) {
    case RequestState::Accepted:
        return "accepted";
    case RequestState::Incoming:
        return "request";
    case RequestState::Outgoing:
        return "requested";
    case RequestState::Declined:
        return "declined";
    }
    return "accepted";
}

} // namespace

std::string_view trustName(TrustState trust)
{
    switch (trust) {
    case TrustState::Unknown:
    case TrustState::FirstUse:
        return "unverified";
    case TrustState::ByLink:
        return "verified_by_link";
    case TrustState::Verified:
        return "verified";
    case TrustState::Changed:
        return "changed";
    }
    return "unverified";
}

std::string isoTime(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(time), Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::string nameOf(const Session& session, UserId user)
{
    const auto contact = session.contact(user);
    if (contact && *contact && !(*contact)->handle.empty())
        return (*contact)->handle;
    const auto status = session.status();
    if (status && status->account.user == user)
        return status->account.handle;
    return user.hex();
}

Result<JsonRow> messageRow(const Session& session, const Message& message)
{
    KITH_TRY(const DeliveryState delivery, session.deliveryState(message));
    JsonRow row("message");
    row.add("conversation", message.log.hex());
    if (message.position)
        row.add("seq", message.position->seq.value());
    else
        row.addNull("seq");
    row.add("client_msg_id", message.clientMsgId.hex()).add("sender", nameOf(session, message.author));
    if (message.serverTime)
        row.add("time", isoTime(*message.serverTime));
    else
        row.addNull("time");
    row.add("text", message.text).add("state", stateOf(message, delivery));
    row.add("log_differs", message.chainCheck == ChainCheck::Different);
    if (message.failure)
        row.addError("error", message.failure->code, message.failure->words);
    return row;
}

Result<JsonRow> conversationRow(const Session& session, const Conversation& conversation)
{
    JsonRow row("conversation");
    row.add("conversation", conversation.log.hex())
        .add("with", nameOf(session, conversation.peer))
        .add("unread", std::uint64_t{conversation.unread});
    if (conversation.activity == WallTime{})
        row.addNull("last_time");
    else
        row.add("last_time", isoTime(conversation.activity));
    KITH_TRY(const auto peer, session.contact(conversation.peer));
    row.add("state", requestStateName(conversation.request))
        .add("trust", trustName(peer ? peer->trust : TrustState::Unknown));
    return row;
}

Result<JsonRow> requestRow(const Session& session, const Conversation& conversation)
{
    JsonRow row("request");
    row.add("conversation", conversation.log.hex())
        .add("from", nameOf(session, conversation.peer))
        .add("time", isoTime(conversation.activity));
    return row;
}

JsonRow connectionRow(const net::ConnectionFact& fact)
{
    JsonRow row("connection");
    row.add("state", net::stateName(fact.state));
    if (!fact.words.empty())
        row.add("message", fact.words);
    return row;
}

JsonRow errorRow(const Error& error)
{
    const char* remedy = error.remedy == Remedy::Retry ? "retry" : error.remedy == Remedy::AskUser ? "ask" : "bug";
    JsonRow row("error");
    row.add("code", std::string(error.domain) + "/" + std::string(error.name))
        .add("message", error.detail)
        .add("remedy", remedy);
    return row;
}

} // namespace kith::cli
