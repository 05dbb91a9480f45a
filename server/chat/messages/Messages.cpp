#include "server/chat/messages/Messages.h"

#include "server/chat/Rule.h"
#include "server/chat/devices/ListCopies.h"
#include "server/chat/messages/SendRules.h"

#include <algorithm>

namespace kith::server
{

namespace
{

NewEntry entryOf(const Caller& caller, const SendMessage& message, std::vector<Envelope> envelopes)
{
    NewEntry entry;
    entry.kind = message.kind;
    entry.senderUser = caller.user;
    entry.senderDevice = caller.device;
    entry.clientMsgId = message.clientMsgId;
    entry.sendNo = message.sendNo;
    entry.body = message.body;
    entry.envelopes = std::move(envelopes);
    entry.commitment = message.commitment;
    entry.expiryClass = message.expiryClass;
    entry.wake = message.wake;
    return entry;
}

/// One send on its way: re-run as a whole when the conversation's record changed under it.
class Sending : public std::enable_shared_from_this<Sending>
{
public:
    Sending(ChatContext& context, Caller caller, SendMessage message, Done<Sent> done)
        : context_(context), caller_(std::move(caller)), message_(std::move(message)), done_(std::move(done))
    {
    }

    void start()
    {
        const auto check = [&]() -> Result<void> {
            KITH_CHECK(checkForm(message_, context_.limits));
            return takeTokens();
        };
        Result<void> allowed = check();
        if (allowed.ok())
            run();
        else
            done_(std::move(allowed).error());
    }

private:
    Result<void> takeTokens()
    {
        KITH_CHECK(context_.take(Rate::SendPerDevice, caller_.user.bytes().append(caller_.device.view()), "messages"));
        KITH_CHECK(context_.take(Rate::SendPerAccount, caller_.user.view(), "messages"));
        return context_.take(Rate::SendPerConversation, message_.log.view(), "messages");
    }

    void run()
    {
        tries_ = 0;
        runRule<Sent>(
            context_.storage, *caller_.strand, [self = shared_from_this()] { return self->decide(); },
            [self = shared_from_this()](Result<Sent> sent) {
                if (std::exchange(self->copyIsOlder_, false) && !self->refreshed_)
                    return self->refreshThenRun();
                self->done_(std::move(sent));
            });
    }

    Decision<Sent> decide()
    {
        // A second try means that the record changed: what the cache holds is not it.
        if (tries_++ > 0)
            context_.conversations.forget(message_.log);
        Decision<Sent> decision = mayBeAppended();
        if (decision.ok())
            return decision;
        // What was accepted once is answered with its first result, whatever would refuse it now (P2).
        KITH_TRY(const SendNo next, context_.storage.nextSendNo(message_.log, caller_.device));
        if (message_.sendNo >= next)
            return decision;
        copyIsOlder_ = false;
        return append({}, {}, nullptr);
    }

    Decision<Sent> mayBeAppended()
    {
        KITH_TRY(const DirectView view, membership(context_, message_.log, caller_.user));
        KITH_CHECK(checkWriter(view, caller_));
        if (message_.kind == EntryKind::Resend) {
            KITH_CHECK(checkResend(context_, view, message_, caller_.user));
            return append(message_.envelopes, {}, view.conversation);
        }

        const bool grace =
            context_.conflicts.count(caller_.device, message_.clientMsgId) >= context_.limits.conflictsBeforeGrace;
        ListVerdict verdict = judgeLists(view.conversation->value, message_, caller_.device, grace,
                                         context_.clock.wall() - context_.limits.listGrace);
        if (!verdict.stale.empty())
            return staleLists(verdict);
        KITH_CHECK(checkDrops(context_.storage, message_, caller_.user));
        return append(std::move(verdict.envelopes), std::move(verdict.missed), view.conversation);
    }

    Decision<Sent> staleLists(const ListVerdict& verdict)
    {
        copyIsOlder_ = verdict.copyIsOlder;
        if (!copyIsOlder_ || refreshed_)
            context_.conflicts.add(caller_.device, message_.clientMsgId);
        KITH_TRY(std::vector<SignedManifest> manifests, manifestsSince(context_.storage, verdict.stale));
        return conflictError("The device lists changed: seal the message for the devices listed here.",
                             StaleDeviceLists{std::move(manifests)});
    }

    /// Without a conversation: only to hear the first result again, nothing is expected and nothing changes.
    Decision<Sent> append(std::vector<Envelope> envelopes, std::vector<DeviceId> missed,
                          const SharedConversation& conversation)
    {
        Transaction transaction{bucketOf(message_.log.view()), {}, {}, {}};
        Append append;
        append.log = message_.log;
        append.entries.push_back(entryOf(caller_, message_, std::move(envelopes)));
        if (conversation) {
            transaction.expects.push_back({conversationKey(message_.log), conversation->version});
            append.drops = message_.drops;
            append.activity = activityOf(conversation->value);
            if (message_.generation != Generation{})
                append.generation = message_.generation;
        }
        NewEntry row = append.entries.front();
        transaction.appends.push_back(std::move(append));
        return commit<Sent>(std::move(transaction), [self = shared_from_this(), row = std::move(row), conversation,
                                                     missed = std::move(missed)](const Committed& committed) {
            return self->committed(row, conversation, missed, committed);
        });
    }

    Result<Sent> committed(const NewEntry& row, const SharedConversation& conversation,
                           const std::vector<DeviceId>& missed, const Committed& committed)
    {
        if (committed.accepted.empty() || committed.accepted.front().empty())
            return refused(ChatError::Internal, "The storage committed nothing.");
        Accepted accepted = committed.accepted.front().front();
        if (committed.repeated || !conversation)
            return Sent{std::move(accepted), {}};
        context_.fanout.appended(readersOf(conversation->value), message_.log, {row}, committed.accepted.front());
        return Sent{std::move(accepted), missed};
    }

    void refreshThenRun()
    {
        refreshed_ = true;
        refreshCopies(context_, *caller_.strand, message_.log, [self = shared_from_this()](Result<void> refreshed) {
            if (refreshed.ok())
                self->run();
            else
                self->done_(std::move(refreshed).error());
        });
    }

    ChatContext& context_;
    Caller caller_;
    SendMessage message_;
    Done<Sent> done_;
    bool copyIsOlder_ = false; ///< The last decision found that the sender knows more than the copy.
    bool refreshed_ = false;
    int tries_ = 0;
};

} // namespace

void Messages::send(const Caller& caller, SendMessage message, Done<Sent> done)
{
    auto sending = std::make_shared<Sending>(context_, caller, std::move(message), std::move(done));
    caller.strand->post([sending] { sending->start(); });
}

void Messages::requestResend(const Caller& caller, LogId log, Generation generation, Seq seq, Done<void> done)
{
    caller.strand->post([&context = context_, caller, log, generation, seq, done = std::move(done)] {
        const auto request = [&]() -> Result<void> {
            KITH_TRY(const DirectView view, membership(context, log, caller.user));
            const ReaderDevice* reader = readerOf(*view.own, caller.device);
            if (reader == nullptr || view.conversation->value.type != LogType::Direct)
                return refused(ChatError::NotFound, "There is no such conversation.");
            KITH_TRY(const Entry entry, resendable(context, log, seq, *reader));
            if (entry.generation != generation)
                return refused(ChatError::NotFound, "This message was cut off when the server was restored.");
            const Bytes pair = caller.user.bytes().append(entry.senderUser.view());
            KITH_CHECK(context.take(Rate::ResendPerPeer, pair, "requests to send again"));
            context.fanout.tell({entry.senderUser},
                                ResendWanted{log, generation, seq, caller.user, caller.device, caller.incarnation});
            return {};
        };
        const Result<void> result = request();
        done(result.ok() ? Result<void>() : Result<void>(asChatError(result.error())));
    });
}

} // namespace kith::server
