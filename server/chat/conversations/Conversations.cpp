#include "server/chat/conversations/Conversations.h"

#include "server/chat/ChatContext.h"
#include "server/chat/Rule.h"
#include "server/chat/devices/ListCopies.h"

#include <algorithm>

namespace kith::server
{

namespace
{

Member* find(Conversation& conversation, UserId user)
{
    for (Member& member : conversation.members) {
        if (member.user == user)
            return &member;
    }
    return nullptr;
}

Result<Generation> generationOf(const Storage& storage, LogId log)
{
    const Result<LogHead> head = storage.head(log);
    if (head.ok())
        return head->generation;
    if (head.error().is(StorageError::NotFound))
        return Generation{};
    return head.error();
}

/// A conversation's record is written, and the job that tells its members.
Transaction writeConversation(const Conversation& next, std::uint64_t version)
{
    Transaction transaction{bucketOf(next.log.view()), {}, {}, {}};
    transaction.expects.push_back({conversationKey(next.log), version});
    transaction.writes.push_back({conversationKey(next.log), encode(next)});
    transaction.writes.push_back({jobKey(transaction.bucket, JobKind::Conversation, next.log.view()), Bytes()});
    return transaction;
}

Decision<CreatedConversation> reopenOnce(ChatContext& context, UserId user, UserId peer, Loaded<Conversation> loaded)
{
    const LogId log = loaded.value.log;
    Member* own = find(loaded.value, user);
    const Member* other = find(loaded.value, peer);
    if (own == nullptr || other == nullptr)
        return refused(ChatError::Internal, "A direct conversation has other members than its pair.");
    KITH_TRY(const Generation generation, generationOf(context.storage, log));
    CreatedConversation created{log, generation, true, other->state == MemberState::Requested};
    if (own->state != MemberState::Left)
        return answer(std::move(created));
    own->state = MemberState::Accepted;
    return commit<CreatedConversation>(writeConversation(loaded.value, loaded.version),
                                       [&context, created](const Committed&) -> Result<CreatedConversation> {
                                           context.conversations.forget(created.log);
                                           return created;
                                       });
}

Decision<CreatedConversation> createOnce(ChatContext& context, const Caller& caller, UserId peer)
{
    const UserId user = caller.user;
    KITH_CHECK(stillListed(context, caller));
    const LogId log = context.directLogOf(user, peer);
    KITH_TRY(auto loaded, load<Conversation>(context.storage, conversationKey(log)));
    if (loaded)
        return reopenOnce(context, user, peer, std::move(*loaded));

    KITH_TRY(const auto account, load<Account>(context.storage, accountKey(peer)));
    KITH_TRY(const auto own, load<Account>(context.storage, accountKey(user)));
    KITH_TRY(const auto blockedBy, context.storage.get(blockKey(peer, user)));
    KITH_TRY(const auto blocks, context.storage.get(blockKey(user, peer)));
    if (!account || blockedBy)
        return nobodyThere();
    if (blocks)
        return refused(ChatError::Denied, "You blocked this person: unblock first.");

    // Who invited whom asked for the other's company already.
    const bool invited = account->value.invitedBy == user || (own && own->value.invitedBy == peer);
    Conversation next;
    next.log = log;
    next.type = LogType::Direct;
    next.created = context.clock.wall();
    Member self;
    self.user = user;
    self.state = MemberState::Accepted;
    KITH_TRY(self, memberNow(context, self, user == peer ? std::nullopt : std::optional(peer), firstSeq));
    next.members.push_back(std::move(self));
    if (user != peer) {
        Member other;
        other.user = peer;
        other.state = invited ? MemberState::Accepted : MemberState::Requested;
        KITH_TRY(other, memberNow(context, other, user, firstSeq));
        next.members.push_back(std::move(other));
        std::sort(next.members.begin(), next.members.end(),
                  [](const Member& a, const Member& b) { return a.user < b.user; });
    }
    return commit<CreatedConversation>(writeConversation(next, 0),
                                       [&context, log, pending = user != peer && !invited](const Committed&) {
                                           context.conversations.forget(log);
                                           return Result(CreatedConversation{log, Generation{}, false, pending});
                                       });
}

/// The append that tells both sides, with what makes it found.
Append acceptedAppend(const ChatContext& context, const Conversation& next, UserId user)
{
    NewEntry entry;
    entry.kind = EntryKind::System;
    entry.body = context.records.requestAccepted(user);
    Append append;
    append.log = next.log;
    append.entries.push_back(std::move(entry));
    append.activity = activityOf(next);
    return append;
}

Decision<Unit> respondOnce(ChatContext& context, const Caller& caller, LogId log, bool accept)
{
    const UserId user = caller.user;
    KITH_CHECK(stillListed(context, caller));
    KITH_TRY(auto loaded, load<Conversation>(context.storage, conversationKey(log)));
    Member* own = loaded ? find(loaded->value, user) : nullptr;
    if (own == nullptr)
        return refused(ChatError::NotFound, "There is no such conversation.");
    if (loaded->value.type != LogType::Direct || loaded->value.members.size() < 2)
        return refused(ChatError::Invalid, "This conversation is no message request.");
    const MemberState wanted = accept ? MemberState::Accepted : MemberState::Left;
    if (own->state == wanted)
        return answer(Unit{});
    if (own->state == MemberState::Accepted)
        return refused(ChatError::Invalid, "The request was accepted already: block the person instead.");

    own->state = wanted;
    Transaction transaction = writeConversation(loaded->value, loaded->version);
    if (accept)
        transaction.appends.push_back(acceptedAppend(context, loaded->value, user));
    return commit<Unit>(
        std::move(transaction), [&context, user, next = std::move(loaded->value)](const Committed& done) {
            context.conversations.forget(next.log);
            if (!done.accepted.empty()) {
                context.fanout.appended(readersOf(next), next.log, acceptedAppend(context, next, user).entries,
                                        done.accepted.front());
            }
            return Result(Unit{});
        });
}

} // namespace

void Conversations::create(const Caller& caller, UserId peer, Done<CreatedConversation> done)
{
    caller.strand->post([&context = context_, caller, peer, done = std::move(done)]() mutable {
        if (Result<void> taken = context.take(Rate::CreatePerAccount, caller.user.view(), "new conversations");
            !taken.ok())
            return done(std::move(taken).error());
        runRule<CreatedConversation>(
            context.storage, *caller.strand, [&context, caller, peer] { return createOnce(context, caller, peer); },
            [&context, caller, done = std::move(done)](Result<CreatedConversation> created) {
                if (!created.ok())
                    return done(std::move(created));
                // Also for one that existed: a crash may have left its job undone.
                context.runJob(jobKey(bucketOf(created->log.view()), JobKind::Conversation, created->log.view()),
                               *caller.strand, [done, created = *created](Result<void> told) {
                                   done(told.ok() ? Result(created)
                                                  : Result<CreatedConversation>(std::move(told).error()));
                               });
            });
    });
}

void Conversations::respond(const Caller& caller, LogId log, bool accept, Done<void> done)
{
    caller.strand->post([&context = context_, caller, log, accept, done = std::move(done)]() mutable {
        runRule<Unit>(
            context.storage, *caller.strand,
            [&context, caller, log, accept] { return respondOnce(context, caller, log, accept); },
            [&context, caller, log, done = std::move(done)](Result<Unit> result) {
                if (!result.ok())
                    return done(std::move(result).error());
                context.runJob(jobKey(bucketOf(log.view()), JobKind::Conversation, log.view()), *caller.strand, done);
            });
    });
}

} // namespace kith::server
