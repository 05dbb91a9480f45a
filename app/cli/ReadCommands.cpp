#include "app/cli/Commands.h"
#include "app/cli/Rows.h"

namespace kith::cli
{
namespace
{

Result<void> printConversations(const Session& session, bool requests)
{
    KITH_TRY(const auto conversations, session.conversations());
    for (const Conversation& conversation : conversations) {
        if ((conversation.request == RequestState::Incoming) != requests)
            continue;
        KITH_TRY(const JsonRow row,
                 requests ? requestRow(session, conversation) : conversationRow(session, conversation));
        KITH_CHECK(row.print());
    }
    return {};
}

Result<void> printStatus(Context& context)
{
    // Not being reachable is an answer here, not a failure.
    const Result<void> connected = context.readOnly() ? Result<void>() : context.connect();
    KITH_TRY(const SessionStatus status, context.session().status());
    JsonRow row("status");
    row.add("handle", status.account.handle)
        .add("user", status.account.user.hex())
        .add("server", status.account.server.url)
        .add("connection", net::stateName(status.connection.state))
        .add("queued", std::uint64_t{status.queued})
        .add("failed", std::uint64_t{status.failed})
        .add("devices", std::uint64_t{status.devices});
    KITH_CHECK(row.print());
    return connected;
}

} // namespace

Result<void> runHistory(Context& context, const HistoryArguments& arguments)
{
    KITH_TRY(const Conversation conversation, context.knownConversation(arguments.with));
    if (conversation.request == RequestState::Incoming) {
        KITH_TRY(const JsonRow row, requestRow(context.session(), conversation));
        return row.print(); // a stranger's words stay hidden until accepted
    }
    KITH_TRY(const auto rows, context.session().history(conversation.log, arguments.limit));
    for (const Message& message : rows) {
        if (message.kind == MessageKind::System)
            continue; // the server's bookkeeping: nobody wrote it
        KITH_TRY(const JsonRow row, messageRow(context.session(), message));
        KITH_CHECK(row.print());
    }
    return {};
}

Result<void> runPlain(Context& context, PlainCommand command)
{
    switch (command) {
    case PlainCommand::List:
        return printConversations(context.session(), false);
    case PlainCommand::Requests:
        if (!context.readOnly())
            KITH_CHECK(context.connect());
        return printConversations(context.session(), true);
    case PlainCommand::Status:
        return printStatus(context);
    }
    return {};
}

} // namespace kith::cli
