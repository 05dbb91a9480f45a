#include "core/sync/Resend.h"

#include "core/base/Log.h"
#include "core/e2ee/StateChange.h"
#include "core/sync/ContentMapping.h"

namespace kith
{

void Resend::connected()
{
    asked_.clear();
    ask();
}

void Resend::ask()
{
    if (!context_.connected())
        return;
    const auto waiting = context_.store.inbox().waiting(atOnce);
    if (!waiting)
        return;
    for (const WaitingMessage& item : *waiting) {
        if (!item.message.position || !asked_.insert(item.message.id).second)
            continue;
        wire::ResendRequest request;
        request.set_log_id(item.message.log.bytes());
        request.set_generation(item.message.position->generation.value());
        request.set_seq(item.message.position->seq.value());
        context_.connection.call<wire::ResendRequest, wire::ResendResponse>(
            wire::REQUEST_RESEND, request, [this, id = item.message.id](const Result<wire::ResendResponse>& answer) {
                const bool gone = !answer && answer.error().remedy == Remedy::AskUser;
                const auto kept = context_.store.write([&]() -> Result<void> {
                    if (gone) // deleted, expired or too old: nobody will send it again
                        return context_.store.inbox().lose(id, "gone");
                    return answer ? context_.store.inbox().noteAsked(id) : Result<void>();
                });
                static_cast<void>(kept); // asked again on the next connection
            });
    }
}

void Resend::wanted(const wire::ResendWanted& wanted)
{
    const auto outcome = answer(wanted);
    if (!outcome)
        kith::log(LogLevel::Warning, "resend_not_answered", {{"reason", outcome.error().name}});
}

Result<void> Resend::answer(const wire::ResendWanted& wanted)
{
    const auto logId = LogId::fromBytes(wanted.log_id());
    const auto user = UserId::fromBytes(wanted.user());
    const auto device = DeviceId::fromBytes(wanted.device());
    const auto incarnation = Incarnation::fromBytes(wanted.incarnation());
    if (!logId || !user || !device || !incarnation)
        return Error::make(wire::WireCode::Invalid, "a resend request names nobody");
    const LogPosition position{Generation{std::uint64_t{wanted.generation()}}, Seq{std::uint64_t{wanted.seq()}}};
    KITH_TRY(const auto message, context_.store.messages().find(*logId, position));
    // Only what this very device sent, is still there, and is recent; only to a member's present device.
    if (!message || !message->own || message->device != context_.account.device || !isVisible(message->kind) ||
        message->kind == MessageKind::Tombstone ||
        (message->serverTime && context_.now() - *message->serverTime > answeredFor))
        return Error::make(StoreError::NotFound, "that message is not to be sent again");
    KITH_TRY(const auto conversation, context_.store.conversations().find(*logId));
    KITH_TRY(const auto target, directory_.device(*user, *device));
    const bool member = conversation && (*user == conversation->peer || *user == context_.account.user);
    if (!member || !target || target->incarnation != *incarnation)
        return Error::make(StoreError::Refused, "that device is not a reader of the conversation");
    KITH_TRY(const StateChange change, context_.crypto.resendWanted({*user, *device}, context_.now()));
    KITH_TRY(Bytes raw, encodeResend(*message, {*user, *device}, context_.account));
    KITH_CHECK(
        context_.store.write([&] { return applyChange(change, context_.store.sessions(), context_.store.preKeys()); }));
    NewMessage again;
    again.log = *logId;
    again.clientMsgId = context_.random.id<ClientMsgId>();
    again.kind = MessageKind::Control;
    again.raw = std::move(raw);
    again.senderClock = context_.clock.wall();
    KITH_TRY([[maybe_unused]] const Message row, outbox_.compose(again));
    return {};
}

} // namespace kith
