#include "server/chat/accounts/Accounts.h"

#include "core/crypto/Sign.h"
#include "server/chat/ChatContext.h"
#include "server/chat/Rule.h"
#include "server/chat/accounts/Handle.h"
#include "server/chat/accounts/InviteRules.h"
#include "server/chat/accounts/RegistrationSaga.h"
#include "server/chat/devices/ManifestRules.h"

#include <algorithm>

namespace kith::server
{

namespace
{

constexpr std::size_t challengeSize = 32;
constexpr std::size_t scanPage = 256;

Result<void> checkProof(ByteView key, ByteView statement, ByteView proof)
{
    const auto publicKey = Ed25519PublicKey::fromBytes(key);
    if (!publicKey || !verify(*publicKey, registerLabel, statement, proof).ok())
        return refused(ChatError::Unauthenticated, "The proof of possession of the account's keys does not hold.");
    return {};
}

/// Everything that can be refused without a write. The same is looked at again where it is written.
Result<Bytes> checkRequest(const ChatContext& context, const RegisterRequest& request)
{
    const std::optional<Bytes> handle = foldHandle(request.handle, context.limits);
    if (!handle)
        return refused(ChatError::Invalid, handleRule());
    if (request.challenge.size() != challengeSize)
        return refused(ChatError::Unauthenticated, "The registration answers no challenge of this connection.");
    KITH_CHECK(checkFirstManifest(request.manifest, context.limits));
    const DeviceCertificate& device = request.manifest.devices.front();
    KITH_CHECK(checkPreKeys(request.keys, device.signingKey, true, context.limits));
    const Bytes statement = context.config.serverId + request.challenge + request.handle;
    KITH_CHECK(checkProof(request.manifest.identityKey, statement, request.identityProof));
    KITH_CHECK(checkProof(device.signingKey, statement, request.deviceProof));
    if (request.invite.empty() && !context.config.registrationOpen)
        return refused(ChatError::Denied, "This server registers people by invite only: ask somebody for one.");
    return *handle;
}

/// So that a bad invite or a taken name costs no writes. An account that exists is left to the saga: its call repeats.
Result<void> checkEarly(const ChatContext& context, const RegisterRequest& request, const Bytes& handle)
{
    KITH_TRY(const auto account, context.storage.get(accountKey(request.manifest.user)));
    if (account || request.invite.empty())
        return {};
    KITH_TRY(const auto invite, load<Invite>(context.storage, inviteKey(inviteHash(request.invite))));
    return checkInvite(invite, handle, context.clock.wall(), false);
}

Decision<Unit> writeInviteOnce(const Invite& invite)
{
    const RecordKey key = inviteKey(invite.tokenHash);
    Transaction transaction{key.bucket, {{key, 0}}, {{key, encode(invite)}}, {}};
    return commit(std::move(transaction));
}

/// The handle waits for this invite from now on; the value is the invite that it waited for before.
Decision<Bytes> reserveOnce(const ChatContext& context, const Invite& invite)
{
    const RecordKey key = handleKey(invite.handle);
    KITH_TRY(const auto record, load<HandleRecord>(context.storage, key));
    if (record && record->value.state != HandleRecord::State::Reserved)
        return refused(ChatError::Denied, "The name \"" + invite.handle + "\" is taken.");
    const HandleRecord next{HandleRecord::State::Reserved, UserId{}, invite.tokenHash};
    Transaction transaction{key.bucket, {{key, versionOf(record)}}, {{key, encode(next)}}, {}};
    return commit<Bytes>(std::move(transaction), [before = record ? record->value.invite : Bytes()](const Committed&) {
        return Result(before);
    });
}

Decision<Unit> revokeOnce(const ChatContext& context, const Bytes& hash, UserId creator)
{
    const RecordKey key = inviteKey(hash);
    KITH_TRY(auto invite, load<Invite>(context.storage, key));
    if (!invite || (!creator.isNull() && invite->value.creator != creator))
        return refused(ChatError::NotFound, "There is no such invite of yours.");
    if (invite->value.revoked)
        return answer(Unit{});
    invite->value.revoked = true;
    Transaction transaction{key.bucket, {{key, invite->version}}, {{key, encode(invite->value)}}, {}};
    return commit(std::move(transaction));
}

Result<Invite> newInvite(const ChatContext& context, const InviteRequest& request, const Bytes& token)
{
    const bool byOperator = request.creator.isNull();
    if (!byOperator && !context.config.usersInvite)
        return refused(ChatError::Denied, "Only the operator of this server makes invites.");
    if (!byOperator && !request.handle.empty())
        return refused(ChatError::Denied, "Only the operator of this server reserves names.");
    if (request.uses > context.limits.inviteUses)
        return refused(ChatError::Invalid,
                       "An invite registers at most " + std::to_string(context.limits.inviteUses) + " accounts.");
    if (request.lifetime < Millis{0} || request.lifetime > context.limits.longestInvite)
        return refused(ChatError::Invalid, "An invite cannot live that long.");
    Invite invite;
    invite.tokenHash = inviteHash(token);
    invite.creator = request.creator;
    invite.created = context.clock.wall();
    invite.expires =
        invite.created + (request.lifetime == Millis{0} ? context.limits.inviteLifetime : request.lifetime);
    invite.uses = std::max<std::uint32_t>(1, request.uses);
    if (!request.handle.empty()) {
        const std::optional<Bytes> handle = foldHandle(request.handle, context.limits);
        if (!handle)
            return refused(ChatError::Invalid, handleRule());
        invite.handle = *handle;
        invite.uses = 1;
    }
    return invite;
}

/// All records of a table, bucket by bucket, for the operator's lists.
template <class T> Result<std::vector<T>> everyRecord(const Storage& storage, Table table)
{
    std::vector<T> all;
    for (std::uint16_t bucket = 0; bucket < bucketCount; ++bucket) {
        Bytes after;
        while (true) {
            KITH_TRY(const auto rows, storage.scan(Bucket{bucket}, table, {}, after, scanPage));
            for (const Record& row : rows) {
                std::optional<T> value = decode<T>(row.value);
                if (!value)
                    return damagedRecord(table);
                all.push_back(std::move(*value));
            }
            if (rows.size() < scanPage)
                break;
            after = rows.back().key;
        }
    }
    return all;
}

/// The second half of `user add`: the name, then the end of the invite that it waited for before.
void reserve(ChatContext& context, Executor& strand, const Invite& invite, CreatedInvite created,
             Done<CreatedInvite> done)
{
    runRule<Bytes>(
        context.storage, strand, [&context, invite] { return reserveOnce(context, invite); },
        [&context, &strand, hash = invite.tokenHash, created = std::move(created),
         done = std::move(done)](Result<Bytes> before) {
            const Bytes obsolete = before.ok() ? *before : hash;
            const Result<CreatedInvite> result =
                before.ok() ? Result(created) : Result<CreatedInvite>(std::move(before).error());
            if (obsolete.empty())
                return done(result);
            // Best effort: an invite whose name waits for another one registers nothing anyway.
            runRule<Unit>(
                context.storage, strand, [&context, obsolete] { return revokeOnce(context, obsolete, UserId{}); },
                [done, result](const Result<Unit>&) { done(result); });
        });
}

} // namespace

void Accounts::registerAccount(Executor& strand, RegisterRequest request, Done<Registered> done)
{
    strand.post([&context = context_, &strand, request = std::move(request), done = std::move(done)]() mutable {
        if (Result<void> taken = context.take(Rate::RegisterPerAddress, request.address, "registrations"); !taken.ok())
            return done(std::move(taken).error());
        Result<Bytes> handle = checkRequest(context, request);
        if (!handle.ok())
            return done(std::move(handle).error());
        if (Result<void> early = checkEarly(context, request, *handle); !early.ok())
            return done(asChatError(early.error()));
        runRegistration(context, strand, std::move(request), std::move(*handle), std::move(done));
    });
}

void Accounts::createInvite(Executor& strand, InviteRequest request, Done<CreatedInvite> done)
{
    strand.post([&context = context_, &strand, request = std::move(request), done = std::move(done)]() mutable {
        if (!request.creator.isNull()) {
            if (Result<void> taken = context.take(Rate::InvitePerAccount, request.creator.view(), "invites");
                !taken.ok())
                return done(std::move(taken).error());
        }
        const std::string token = toBase64Url(context.random.bytes(inviteTokenSize));
        Result<Invite> invite = newInvite(context, request, token);
        if (!invite.ok())
            return done(std::move(invite).error());
        CreatedInvite created{token, invite->expires, toHex(invite->tokenHash)};
        runRule<Unit>(
            context.storage, strand, [invite = *invite] { return writeInviteOnce(invite); },
            [&context, &strand, invite = *invite, created, done = std::move(done)](Result<Unit> written) {
                if (!written.ok())
                    return done(std::move(written).error());
                if (invite.handle.empty())
                    return done(created);
                reserve(context, strand, invite, created, done);
            });
    });
}

void Accounts::revokeInvite(Executor& strand, UserId creator, Bytes tokenOrId, Done<void> done)
{
    strand.post(
        [&context = context_, &strand, creator, hash = inviteNamed(tokenOrId), done = std::move(done)]() mutable {
            runRule<Unit>(
                context.storage, strand, [&context, hash, creator] { return revokeOnce(context, hash, creator); },
                asUnit(std::move(done)));
        });
}

void Accounts::listInvites(Executor& strand, Done<std::vector<InviteView>> done)
{
    strand.post([&context = context_, done = std::move(done)] {
        const Result<std::vector<Invite>> invites = everyRecord<Invite>(context.storage, Table::Invite);
        if (!invites.ok())
            return done(asChatError(invites.error()));
        std::vector<InviteView> views;
        for (const Invite& invite : *invites)
            views.push_back(viewOf(invite, context.clock.wall()));
        std::sort(views.begin(), views.end(),
                  [](const InviteView& a, const InviteView& b) { return a.created < b.created; });
        done(std::move(views));
    });
}

void Accounts::listAccounts(Executor& strand, Done<std::vector<Account>> done)
{
    strand.post([&context = context_, done = std::move(done)] {
        Result<std::vector<Account>> accounts = everyRecord<Account>(context.storage, Table::Account);
        if (!accounts.ok())
            return done(asChatError(accounts.error()));
        std::sort(accounts->begin(), accounts->end(),
                  [](const Account& a, const Account& b) { return a.handle < b.handle; });
        done(std::move(accounts));
    });
}

} // namespace kith::server
