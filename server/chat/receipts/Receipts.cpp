#include "server/chat/receipts/Receipts.h"

#include "server/chat/ChatContext.h"
#include "server/chat/messages/VisibleMarks.h"

#include <algorithm>

namespace kith::server
{

namespace
{

/// The statement as far as it may move anything, and who hears of it.
struct Admitted {
    DirectView view;
    Generation generation;
    MarkUpdate update;
};

/// Where watermarks end: at the device's cursor, and before the first entry of others that it could not open.
Result<Seq> furthest(const ChatContext& context, UserId user, const AckRequest& request)
{
    Seq furthest = request.cursor;
    for (const Seq& seq : request.unopened) {
        if (seq == Seq{} || seq > furthest)
            continue;
        const Seq before{seq.value() - 1};
        KITH_TRY(const Page page, context.storage.read(request.log, before, 1, 1));
        if (page.entries.empty() || page.entries.front().senderUser != user)
            furthest = before;
    }
    return furthest;
}

Result<Admitted> admit(ChatContext& context, const Caller& caller, const AckRequest& request)
{
    if (request.unopened.size() > context.limits.unopened)
        return refused(ChatError::TooLarge,
                       "At most " + std::to_string(context.limits.unopened) + " unopened entries are named.");
    KITH_TRY(DirectView view, membership(context, request.log, caller.user));
    if (readerOf(*view.own, caller.device) == nullptr)
        return refused(ChatError::NotFound, "There is no such conversation.");
    KITH_TRY(const LogHead head, context.storage.head(request.log));
    if (request.generation != head.generation)
        return conflictError("The server was restored: this conversation goes on in a new generation. Read it first.",
                             LogWasCut{head.generation});
    if (request.cursor > head.head)
        return refused(ChatError::Invalid, "The cursor lies behind the end of the log.");

    MarkUpdate update;
    update.log = request.log;
    update.user = caller.user;
    update.device = caller.device;
    update.cursor = request.cursor;
    update.sendNo = request.sendNo;
    if (view.conversation->value.type == LogType::Direct && mayExchange(view)) {
        KITH_TRY(const Seq end, furthest(context, caller.user, request));
        update.delivered = std::min(request.delivered, end);
        update.read = std::min(request.read, end);
        if (update.read != Seq{}) {
            KITH_TRY(const auto account, load<Account>(context.storage, accountKey(caller.user)));
            if (!account || !account->value.readReceipts)
                update.read = Seq{};
        }
        if (update.delivered != Seq{} || update.read != Seq{})
            update.activity = activityOf(view.conversation->value);
    }
    return Admitted{std::move(view), head.generation, std::move(update)};
}

/// Tells the members' connections; the marks themselves are in the storage already.
void tellMarks(ChatContext& context, const DirectView& view, Generation generation, MarkResult result)
{
    if (!result.changed || !hidePrivateMarks(context, view, result.marks).ok())
        return;
    const Conversation& conversation = view.conversation->value;
    context.fanout.tell(readersOf(conversation), MarksMoved{conversation.log, generation, std::move(result.marks)});
}

Result<void> plain(const Result<MarkResult>& result)
{
    return result.ok() ? Result<void>() : Result<void>(asChatError(result.error()));
}

} // namespace

void Receipts::ack(const Caller& caller, AckRequest request, Done<void> applied, Done<void> durable)
{
    caller.strand->post([&context = context_, caller, request = std::move(request), applied = std::move(applied),
                         durable = std::move(durable)] {
        Result<Admitted> admitted = admit(context, caller, request);
        if (!admitted.ok()) {
            const Error error = asChatError(admitted.error());
            applied(error);
            return durable(error);
        }
        Executor& strand = *caller.strand;
        context.storage.submitMark(
            std::move(admitted->update),
            [&context, &strand, view = admitted->view, generation = admitted->generation,
             applied](Result<MarkResult> result) {
                strand.post([&context, view, generation, applied, result = std::move(result)] {
                    if (result.ok())
                        tellMarks(context, view, generation, *result);
                    applied(plain(result));
                });
            },
            [&strand, durable](Result<void> result) {
                strand.post([durable, result = std::move(result)] {
                    durable(result.ok() ? Result<void>() : Result<void>(asChatError(result.error())));
                });
            });
    });
}

} // namespace kith::server
