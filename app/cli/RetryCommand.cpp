#include "app/cli/Commands.h"
#include "app/cli/Rows.h"
#include "app/cli/Sending.h"

#include <algorithm>

namespace kith::cli
{
namespace
{

/// The failed messages that are meant, in order of composing.
Result<std::vector<MessageId>> failedOnes(const Session& session, LogId log, const std::string& wanted)
{
    KITH_TRY(auto rows, session.failed(log));
    if (!wanted.empty()) {
        std::erase_if(rows, [&](const Message& row) { return row.clientMsgId.hex() != wanted; });
        if (rows.empty())
            return Error::make(SessionError::NotFound, "no message " + wanted + " has failed here");
    }
    std::vector<MessageId> ids;
    std::transform(rows.begin(), rows.end(), std::back_inserter(ids), [](const Message& row) { return row.id; });
    return ids;
}

} // namespace

Result<void> runRetry(Context& context, const RetryArguments& arguments)
{
    Session& session = context.session();
    KITH_TRY(const Conversation conversation, context.knownConversation(arguments.with));
    KITH_TRY(const auto ids, failedOnes(session, conversation.log, arguments.message));
    for (const MessageId id : ids)
        KITH_CHECK(session.retry(id));
    // From here on they are queued: whatever happens, the next run sends them.
    Result<void> outcome = ids.empty() ? Result<void>() : context.connect();
    if (outcome) {
        outcome = context.waitUntil([&] {
            return std::all_of(ids.begin(), ids.end(), [&](MessageId id) {
                const auto row = session.message(id);
                return !row || isSettled(*row);
            });
        });
    }
    std::optional<Error> refused;
    for (const MessageId id : ids) {
        KITH_TRY(const auto row, session.message(id));
        if (!row)
            continue;
        KITH_TRY(const JsonRow json, messageRow(session, *row));
        KITH_CHECK(json.print());
        if (hasFailed(row) && !refused)
            refused = refusalOf(*row);
    }
    KITH_CHECK(std::move(outcome));
    if (refused)
        return *refused;
    return {};
}

} // namespace kith::cli
