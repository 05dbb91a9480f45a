#include "server/chat/people/People.h"

#include "server/chat/ChatContext.h"
#include "server/chat/Rule.h"
#include "server/chat/accounts/Handle.h"

namespace kith::server
{

namespace
{

/// Hidden, blocked and absent people cost the same reads, so that time does not tell them apart.
Result<FoundPerson> findByHandle(const ChatContext& context, const Caller& who, const Bytes& handle)
{
    const Storage& storage = context.storage;
    const UserId caller = who.user;
    KITH_CHECK(stillListed(context, who));
    const std::optional<Bytes> folded = foldHandle(handle, context.limits);
    if (!folded)
        return refused(ChatError::Invalid, handleRule());
    KITH_TRY(const auto record, load<HandleRecord>(storage, handleKey(*folded)));
    const UserId user = record ? record->value.user : UserId{};
    KITH_TRY(const auto account, load<Account>(storage, accountKey(user)));
    KITH_TRY(const auto block, storage.get(blockKey(user, caller)));
    // A handle whose registration is not finished leads to no account, or to one that bears it.
    const bool visible = account && account->value.handle == *folded && !account->value.suspended &&
                         (account->value.findable || user == caller) && !block;
    Account shown;
    if (visible)
        shown = account->value;
    Result<FoundPerson> person = described(storage, shown);
    return visible ? std::move(person) : Result<FoundPerson>(nobodyThere());
}

Result<FoundPerson> findById(ChatContext& context, const Caller& caller, UserId user)
{
    KITH_CHECK(stillListed(context, caller));
    KITH_CHECK(mayKnow(context, caller.user, user));
    KITH_TRY(const auto account, load<Account>(context.storage, accountKey(user)));
    if (!account)
        return nobodyThere();
    return described(context.storage, account->value);
}

Decision<Unit> setBlockOnce(ChatContext& context, const Caller& caller, UserId peer, bool blocked)
{
    const UserId user = caller.user;
    KITH_CHECK(stillListed(context, caller));
    if (user == peer)
        return refused(ChatError::Invalid, "Nobody can block themselves.");
    const RecordKey key = blockKey(user, peer);
    KITH_TRY(const auto row, context.storage.get(key));
    if (row.has_value() == blocked)
        return answer(Unit{});
    if (blocked) {
        KITH_TRY(const auto account, context.storage.get(accountKey(peer)));
        if (!account)
            return nobodyThere();
    }
    const Bytes record = context.records.blockChanged(peer, blocked);
    Transaction transaction{key.bucket, {}, {}, {}};
    transaction.expects.push_back({key, row ? row->version : 0});
    transaction.writes = {{key, blocked ? std::optional(encode(BlockRecord{context.clock.wall()})) : std::nullopt},
                          {jobKey(key.bucket, JobKind::Block, user.bytes().append(peer.view())), Bytes()}};
    transaction.appends.push_back(ChatContext::accountAppend(user, record));
    return commit<Unit>(std::move(transaction), [&context, user, record](const Committed& done) {
        context.accountAppended(user, record, done);
        return Result(Unit{});
    });
}

void setBlock(ChatContext& context, const Caller& caller, UserId peer, bool blocked, Done<void> done)
{
    caller.strand->post([&context, caller, peer, blocked, done = std::move(done)]() mutable {
        if (Result<void> taken = context.take(Rate::BlockPerAccount, caller.user.view(), "blocks"); !taken.ok())
            return done(std::move(taken));
        runRule<Unit>(
            context.storage, *caller.strand,
            [&context, caller, peer, blocked] { return setBlockOnce(context, caller, peer, blocked); },
            [&context, caller, peer, done = std::move(done)](Result<Unit> result) {
                if (!result.ok())
                    return done(std::move(result).error());
                context.runJob(
                    jobKey(bucketOf(caller.user.view()), JobKind::Block, caller.user.bytes().append(peer.view())),
                    *caller.strand, done);
            });
    });
}

Decision<Unit> setPrivacyOnce(ChatContext& context, const Caller& caller, const Privacy& privacy)
{
    const UserId user = caller.user;
    KITH_CHECK(stillListed(context, caller));
    KITH_TRY(auto account, load<Account>(context.storage, accountKey(user)));
    if (!account)
        return refused(ChatError::Unauthenticated, "This account does not exist any more.");
    Account next = account->value;
    next.readReceipts = privacy.readReceipts;
    next.showPresence = privacy.showPresence;
    next.findable = privacy.findable;
    Transaction transaction{bucketOf(user.view()), {}, {}, {}};
    transaction.expects.push_back({accountKey(user), account->version});
    transaction.writes.push_back({accountKey(user), encode(next)});
    return commit(std::move(transaction));
}

} // namespace

Result<FoundPerson> described(const Storage& storage, const Account& account)
{
    KITH_TRY(auto manifest, load<ManifestRecord>(storage, manifestKey(account.user, account.manifestVersion)));
    if (!manifest)
        return refused(ChatError::Internal, "An account's device list is missing.");
    return FoundPerson{account.user, account.handle, std::move(manifest->value.signedManifest)};
}

void People::find(const Caller& caller, Bytes handle, Done<FoundPerson> done)
{
    caller.strand->post([&context = context_, caller, handle = std::move(handle), done = std::move(done)] {
        if (Result<void> taken = context.take(Rate::FindPerAccount, caller.user.view(), "look-ups"); !taken.ok())
            return done(std::move(taken).error());
        Result<FoundPerson> person = findByHandle(context, caller, handle);
        done(person.ok() ? std::move(person) : Result<FoundPerson>(asChatError(person.error())));
    });
}

void People::find(const Caller& caller, UserId user, Done<FoundPerson> done)
{
    caller.strand->post([&context = context_, caller, user, done = std::move(done)] {
        Result<FoundPerson> person = findById(context, caller, user);
        done(person.ok() ? std::move(person) : Result<FoundPerson>(asChatError(person.error())));
    });
}

void People::block(const Caller& caller, UserId user, Done<void> done)
{
    setBlock(context_, caller, user, true, std::move(done));
}

void People::unblock(const Caller& caller, UserId user, Done<void> done)
{
    setBlock(context_, caller, user, false, std::move(done));
}

void People::setPrivacy(const Caller& caller, Privacy privacy, Done<void> done)
{
    caller.strand->post([&context = context_, caller, privacy, done = std::move(done)]() mutable {
        runRule<Unit>(
            context.storage, *caller.strand,
            [&context, caller, privacy] { return setPrivacyOnce(context, caller, privacy); }, asUnit(std::move(done)));
    });
}

void People::privacy(const Caller& caller, Done<Privacy> done)
{
    caller.strand->post([&context = context_, caller, done = std::move(done)] {
        const auto account = load<Account>(context.storage, accountKey(caller.user));
        if (!account.ok())
            return done(asChatError(account.error()));
        if (!*account)
            return done(refused(ChatError::Unauthenticated, "This account does not exist any more."));
        const Account& own = (*account)->value;
        done(Privacy{own.readReceipts, own.showPresence, own.findable});
    });
}

} // namespace kith::server
