#include "app/cli/Commands.h"
#include "app/cli/Rows.h"

#include <map>
#include <set>

namespace kith::cli
{
namespace
{

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
            row.print();
            return {};
        }
        KITH_TRY(const auto rows, session_.history(conversation.log, 10'000));
        Seq newest = printed_[conversation.log];
        for (const Message& message : rows) {
            if (!message.position || message.own || message.position->seq <= conversation.readPosition ||
                message.position->seq <= printed_[conversation.log])
                continue;
            newest = std::max(newest, message.position->seq);
            if (message.kind == MessageKind::System)
                continue; // the server's bookkeeping: nobody wrote it
            KITH_TRY(const JsonRow row, messageRow(session_, message));
            row.print();
        }
        if (newest > printed_[conversation.log])
            show(conversation.log);
        printed_[conversation.log] = newest;
        if (!keepUnread_ && newest > conversation.readPosition)
            KITH_CHECK(session_.markRead(conversation.log, newest));
        return {};
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
        JsonRow("mark")
            .add("conversation", log.hex())
            .add("user", nameOf(session_, conversation->peer))
            .add("delivered", delivered.value())
            .add("read", read.value())
            .print();
        return {};
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

} // namespace

Result<void> runReceive(Context& context, Feed& feed, const ReceiveArguments& arguments)
{
    Session& session = context.session();
    KITH_CHECK(context.connect());
    Printer printer(session, arguments.keepUnread);
    KITH_CHECK(printer.printUnread());
    if (arguments.follow) {
        KITH_CHECK(printer.follow());
        std::optional<Error> failed;
        feed.connectionChanged = [](const net::ConnectionFact& fact) { connectionRow(fact).print(); };
        feed.typingChanged = [&](LogId log, UserId user, bool typing) {
            JsonRow("typing")
                .add("conversation", log.hex())
                .add("user", nameOf(session, user))
                .add("typing", typing)
                .print();
        };
        feed.presenceChanged = [&](UserId user, bool online) {
            JsonRow("presence").add("user", nameOf(session, user)).add("state", online ? "online" : "offline").print();
        };
        feed.conversationChanged = [&](LogId log) {
            const auto conversation = session.conversation(log);
            Result<void> printed;
            if (conversation && *conversation)
                printed = printer.printUnread(**conversation);
            if (printed)
                printed = printer.printMarks(log);
            if (!printed)
                failed = printed.error();
        };
        const auto followed = context.waitUntil([&] { return failed.has_value(); });
        feed = {};
        if (failed)
            return *failed;
        static_cast<void>(followed); // the time that was asked for is over: that is how following ends
    }
    // Read marks leave before the program does.
    return context.waitUntil([&] {
        const auto status = session.status();
        return !status || !status->acksPending;
    });
}

} // namespace kith::cli
