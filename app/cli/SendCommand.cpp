#include "app/cli/Commands.h"
#include "app/cli/Rows.h"
#include "app/cli/Sending.h"
#include "app/cli/TypedText.h"

#include <algorithm>

namespace kith::cli
{
Result<void> runSend(Context& context, const SendArguments& arguments)
{
    if (arguments.lines)
        return runSendLines(context, arguments);
    // A text that cannot be sent is refused before anybody is looked up.
    if (arguments.text != "-")
        KITH_CHECK(checkText(arguments.text));
    KITH_TRY(const Conversation conversation, context.anyConversation(arguments.to));
    std::string text = arguments.text;
    if (text == "-") {
        KITH_TRY(text, readTyped(context, conversation.log));
    }
    KITH_TRY(const Message queued, context.session().sendText(conversation.log, text));
    // From here on the message is on disk: whatever happens, the next run sends it.
    Result<void> outcome = context.connect();
    if (outcome) {
        outcome = context.waitUntil([&] {
            const auto row = context.session().message(queued.id);
            return !row || isSettled(*row);
        });
    }
    KITH_TRY(const auto row, context.session().message(queued.id));
    KITH_TRY(const JsonRow json, messageRow(context.session(), row.value_or(queued)));
    KITH_CHECK(json.print());
    KITH_CHECK(std::move(outcome));
    if (hasFailed(row))
        return refusalOf(*row);
    return {};
}

Result<void> runWaitRead(Context& context, const WaitReadArguments& arguments)
{
    KITH_TRY(const Conversation conversation, context.knownConversation(arguments.with));
    Session& session = context.session();
    const auto newestOwn = [&]() -> Result<std::optional<Message>> {
        KITH_TRY(const auto rows, session.history(conversation.log, 1000));
        const auto found = std::find_if(rows.rbegin(), rows.rend(), [&](const Message& row) {
            return row.own && (arguments.message.empty() || row.clientMsgId.hex() == arguments.message);
        });
        return found == rows.rend() ? std::optional<Message>() : std::optional(*found);
    };
    KITH_TRY(const auto wanted, newestOwn());
    if (!wanted)
        return Error::make(SessionError::NotFound, "there is no such message of yours");
    KITH_CHECK(context.connect());
    KITH_CHECK(context.waitUntil([&] {
        const auto row = session.message(wanted->id);
        if (!row || !*row)
            return true;
        const auto state = session.deliveryState(**row);
        return !state || *state == DeliveryState::Read;
    }));
    KITH_TRY(const auto row, session.message(wanted->id));
    KITH_TRY(const JsonRow json, messageRow(session, row.value_or(*wanted)));
    return json.print();
}

} // namespace kith::cli
