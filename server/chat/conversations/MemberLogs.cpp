#include "server/chat/conversations/MemberLogs.h"

#include "server/chat/Rule.h"
#include "server/chat/devices/ListCopies.h"

namespace kith::server
{

namespace
{

struct Settled {
    bool written = false;
};

/// One member's row, by the conversation as it stands now.
Decision<Settled> settleOnce(ChatContext& context, LogId log, UserId user)
{
    KITH_TRY(const auto conversation, load<Conversation>(context.storage, conversationKey(log)));
    if (!conversation)
        return answer(Settled{});
    const Member* own = nullptr;
    UserId peer = user;
    for (const Member& member : conversation->value.members) {
        if (member.user == user)
            own = &member;
        else
            peer = member.user;
    }
    const RecordKey key = userLogKey(user, log);
    KITH_TRY(const auto row, context.storage.get(key));
    const bool belongs = own != nullptr && own->state != MemberState::Left;
    if (belongs == row.has_value())
        return answer(Settled{});

    Bytes record = belongs ? context.records.conversationAdded(log, peer, own->state == MemberState::Requested)
                           : context.records.conversationLeft(log);
    Transaction transaction{key.bucket, {}, {}, {}};
    transaction.expects.push_back({key, row ? row->version : 0});
    transaction.writes.push_back(
        {key, belongs ? std::optional(encode(UserLogRecord{LogType::Direct, peer})) : std::nullopt});
    transaction.appends.push_back(ChatContext::accountAppend(user, record));
    return commit<Settled>(std::move(transaction),
                           [&context, user, record = std::move(record)](const Committed& done) -> Result<Settled> {
                               context.accountAppended(user, record, done);
                               return Settled{true};
                           });
}

void settleOne(ChatContext& context, Executor& strand, LogId log, UserId user, Done<void> done)
{
    runRule<Settled>(
        context.storage, strand, [&context, log, user] { return settleOnce(context, log, user); },
        [&context, &strand, log, user, done = std::move(done)](Result<Settled> settled) {
            if (!settled.ok())
                return done(std::move(settled).error());
            if (!settled->written)
                return done({});
            settleOne(context, strand, log, user, done);
        });
}

void settleFrom(ChatContext& context, Executor& strand, LogId log, std::vector<UserId> users, Done<void> done)
{
    if (users.empty())
        return refreshCopies(context, strand, log, std::move(done));
    const UserId user = users.back();
    users.pop_back();
    settleOne(context, strand, log, user,
              [&context, &strand, log, users = std::move(users), done = std::move(done)](Result<void> settled) {
                  if (!settled.ok())
                      return done(std::move(settled));
                  settleFrom(context, strand, log, users, done);
              });
}

} // namespace

void settleMembers(ChatContext& context, Executor& strand, LogId log, Done<void> done)
{
    const auto conversation = load<Conversation>(context.storage, conversationKey(log));
    if (!conversation.ok())
        return done(asChatError(conversation.error()));
    std::vector<UserId> users;
    if (*conversation) {
        for (const Member& member : (*conversation)->value.members)
            users.push_back(member.user);
    }
    settleFrom(context, strand, log, std::move(users), std::move(done));
}

} // namespace kith::server
