#include "app/cli/CliError.h"
#include "app/cli/Commands.h"
#include "app/cli/Rows.h"

#include <map>
#include <set>

namespace kith::cli
{
namespace
{

constexpr std::size_t page = 100; ///< Messages in memory at once.

/// Prints what is new since the last look, once each.
class Printer
{
public:
    Printer(Session& session, bool keepUnread) : session_(session), keepUnread_(keepUnread) {}

    Result<void> printUnread()
    {
        KITH_TRY(const auto conversations, session_.conversations());
        // Oldest conversation first, so that the newest message stands last on the screen.
        for (auto at = conversations.rbegin(); at != conversations.rend(); ++at)
            KITH_CHECK(printUnread(*at));
        return {};
    }

    Result<void> printUnread(const Conversation& conversation)
    {
        if (conversation.request == RequestState::Incoming) {
            if (!requests_.insert(conversation.log).second)
                return {};
            KITH_TRY(const JsonRow row, requestRow(session_, conversation));
            return row.print();
        }
        Seq& printed = printed_[conversation.log];
        printed = std::max(printed, conversation.readPosition);
        while (true) {
            KITH_TRY(const auto rows, session_.unread(conversation.log, printed, page));
            for (const Message& message : rows) {
                KITH_TRY(const JsonRow row, messageRow(session_, message));
                KITH_CHECK(row.print());
                printed = message.position->seq;
            }
            if (rows.empty())
                return {};
            show(conversation.log);
            // A page is marked when it was printed whole: of a broken pipe nobody knows how much was read.
            if (!keepUnread_)
                KITH_CHECK(session_.markRead(conversation.log, printed));
        }
    }

    /// From now on what was printed last is in front of the person: typing is told of there.
    Result<void> follow()
    {
        follows_ = true;
        KITH_TRY(const auto conversations, session_.conversations());
        if (!conversations.empty())
            show(front_.value_or(conversations.front().log));
        return {};
    }

    Result<void> printMarks(LogId log)
    {
        KITH_TRY(const auto conversation, session_.conversation(log));
        if (!conversation)
            return {};
        KITH_TRY(const auto rows, session_.history(log, 1000));
        Seq delivered;
        Seq read;
        for (const Message& message : rows) {
            if (!message.own || !message.position)
                continue;
            KITH_TRY(const DeliveryState state, session_.deliveryState(message));
            if (state == DeliveryState::Delivered || state == DeliveryState::Read)
                delivered = std::max(delivered, message.position->seq);
            if (state == DeliveryState::Read)
                read = std::max(read, message.position->seq);
        }
        if (marks_[log] == std::pair(delivered, read))
            return {};
        marks_[log] = {delivered, read};
        return JsonRow("mark")
            .add("conversation", log.hex())
            .add("user", nameOf(session_, conversation->peer))
            .add("delivered", delivered.value())
            .add("read", read.value())
            .print();
    }

private:
    void show(LogId log)
    {
        front_ = log;
        if (follows_)
            session_.setFocus(log);
    }

    Session& session_;
    bool keepUnread_;
    bool follows_ = false;
    std::optional<LogId> front_;
    std::map<LogId, Seq> printed_;
    std::map<LogId, std::pair<Seq, Seq>> marks_;
    std::set<LogId> requests_;
};

/// Prints what happens until it is interrupted, or until the time that was asked for is over: both are its good end.
Result<void> follow(Context& context, Feed& feed, Printer& printer)
{
    Session& session = context.session();
    std::optional<Error> failed;
    const auto note = [&](const Result<void>& printed) {
        if (!printed && !failed)
            failed = printed.error();
    };
    feed.connectionChanged = [&](const net::ConnectionFact& fact) { note(connectionRow(fact).print()); };
    feed.typingChanged = [&](LogId log, UserId user, bool typing) {
        note(JsonRow("typing")
                 .add("conversation", log.hex())
                 .add("user", nameOf(session, user))
                 .add("typing", typing)
                 .print());
    };
    feed.presenceChanged = [&](UserId user, bool online) {
        note(
            JsonRow("presence").add("user", nameOf(session, user)).add("state", online ? "online" : "offline").print());
    };
    feed.conversationChanged = [&](LogId log) {
        const auto conversation = session.conversation(log);
        if (conversation && *conversation)
            note(printer.printUnread(**conversation));
        note(printer.printMarks(log));
    };
    // Nothing comes any more once this device was unlinked, or is too old to be spoken to.
    const auto ended = [&] {
        const auto state = session.connection().state;
        return state == net::ConnectionState::Revoked || state == net::ConnectionState::NewerProtocol;
    };
    const auto followed = context.waitUntil([&] { return failed || ended(); });
    feed = {};
    if (failed)
        return *failed;
    return followed ? context.connect() : Result<void>();
}

} // namespace

Result<void> runReceive(Context& context, Feed& feed, const ReceiveArguments& arguments)
{
    Session& session = context.session();
    KITH_CHECK(context.connect());
    Printer printer(session, arguments.keepUnread);
    KITH_CHECK(printer.printUnread());
    if (arguments.follow) {
        if (!arguments.untilTimeout)
            context.holdDeadline();
        KITH_CHECK(printer.follow());
        return follow(context, feed, printer);
    }
    // Read marks leave before the program does.
    const auto told = context.waitUntil([&] {
        const auto status = session.status();
        return !status || !status->acksPending;
    });
    // Everything was printed: who interrupts now has what they came for, and the marks go with the next run.
    if (!told && (told.error().is(CliError::Interrupted) || told.error().is(CliError::Terminated)))
        return {};
    return told;
}

} // namespace kith::cli
