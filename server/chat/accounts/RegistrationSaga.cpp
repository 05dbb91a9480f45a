#include "server/chat/accounts/RegistrationSaga.h"

#include "server/chat/Rule.h"
#include "server/chat/accounts/InviteRules.h"
#include "server/chat/devices/ManifestRules.h"
#include "server/chat/keys/KeyRecords.h"
#include "server/chat/records/RecordCodec.h"

#include <algorithm>

namespace kith::server
{

namespace
{

using State = RegistrationRow::State;

RecordKey rowKey(UserId user)
{
    return jobKey(bucketOf(user.view()), JobKind::Register, user.view());
}

Error nameTaken()
{
    return refused(ChatError::Denied, "This name is taken: choose another one.");
}

struct Plan {
    RegisterRequest request;
    Bytes handle;
    Bytes invite; ///< Token hash; empty: none.
    [[nodiscard]] UserId user() const { return request.manifest.user; }
};

/// The answer of a repeated call, or nothing.
Result<std::optional<Registered>> registeredBefore(const ChatContext& context, const Plan& plan)
{
    KITH_TRY(const auto account, load<Account>(context.storage, accountKey(plan.user())));
    if (!account)
        return std::optional<Registered>();
    KITH_TRY(const auto manifest, load<ManifestRecord>(context.storage, manifestKey(plan.user(), 1)));
    const SignedManifest& offered = plan.request.manifest;
    if (!manifest || manifest->value.signedManifest != offered || account->value.handle != plan.handle)
        return refused(ChatError::Denied, "This user id is taken: make a new one.");
    Registered before{plan.user(), account->value.accountLog, account->value.handle, std::nullopt};
    if (const UserId by = account->value.invitedBy; !by.isNull()) {
        KITH_TRY(const auto inviter, load<Account>(context.storage, accountKey(by)));
        if (!inviter)
            return damagedRecord(Table::Account);
        KITH_TRY(before.inviter, described(context.storage, inviter->value));
    }
    return std::optional(std::move(before));
}

using Begun = std::optional<Registered>; ///< Nullopt: go on.

Decision<Begun> beginOnce(const ChatContext& context, const Plan& plan)
{
    KITH_TRY(auto before, registeredBefore(context, plan));
    if (before)
        return answer(std::move(before));
    const RecordKey row = rowKey(plan.user());
    KITH_TRY(const auto running, context.storage.get(row));
    if (running) {
        Error wait = refused(ChatError::Unavailable, "A registration of this account is under way: try again.");
        wait.retryAfter = Millis{1000};
        return wait;
    }
    Transaction transaction{row.bucket, {}, {}, {}};
    transaction.expects = {{row, 0}, {accountKey(plan.user()), 0}};
    transaction.writes.push_back({row, encode(RegistrationRow{State::Started, plan.handle, plan.invite})});
    return commit<Begun>(std::move(transaction), [](const Committed&) { return Result(Begun()); });
}

Decision<Unit> takeHandleOnce(const ChatContext& context, const Plan& plan)
{
    const RecordKey key = handleKey(plan.handle);
    KITH_TRY(const auto record, load<HandleRecord>(context.storage, key));
    HandleRecord next{HandleRecord::State::Pending, plan.user(), {}};
    if (record) {
        const bool invited = record->value.state == HandleRecord::State::Reserved && !plan.invite.empty() &&
                             record->value.invite == plan.invite;
        KITH_TRY(const bool held, holdsHandle(context.storage, record->value, context.clock.wall()));
        if (held && !invited)
            return nameTaken();
        if (invited)
            next.invite = plan.invite;
    }
    Transaction transaction{key.bucket, {{key, versionOf(record)}}, {{key, encode(next)}}, {}};
    return commit(std::move(transaction));
}

Decision<Unit> claimInviteOnce(const ChatContext& context, const Plan& plan)
{
    if (plan.invite.empty())
        return answer(Unit{});
    const RecordKey key = inviteKey(plan.invite);
    KITH_TRY(auto invite, load<Invite>(context.storage, key));
    KITH_CHECK(checkInvite(invite, plan.handle, context.clock.wall(), false));
    Invite next = std::move(invite->value);
    next.claims.push_back(plan.user());
    Transaction transaction{key.bucket, {{key, invite->version}}, {{key, encode(next)}}, {}};
    return commit(std::move(transaction));
}

/// Null: the operator's invite, or none. Never changes, so nothing has to be expected of it.
Result<UserId> inviterOf(const ChatContext& context, const Plan& plan)
{
    if (plan.invite.empty())
        return UserId{};
    KITH_TRY(const auto invite, load<Invite>(context.storage, inviteKey(plan.invite)));
    return invite ? invite->value.creator : UserId{};
}

Transaction accountTransaction(const ChatContext& context, const Plan& plan, UserId invitedBy, WallTime now)
{
    const DeviceManifest& manifest = plan.request.manifest;
    const DeviceCertificate& certificate = manifest.devices.front();
    const UserId user = plan.user();
    const LogId log = accountLogOf(user);

    Account account;
    account.user = user;
    account.handle = plan.handle;
    account.accountLog = log;
    account.created = now;
    account.manifestVersion = 1;
    account.invitedBy = invitedBy;
    Member member;
    member.user = user;
    member.state = MemberState::Accepted;
    member.listVersion = 1;
    member.listSince = now;
    member.devices.push_back({certificate.device, firstSeq});
    Conversation conversation{log, LogType::Account, now, 0, {std::move(member)}};

    Transaction transaction;
    transaction.bucket = bucketOf(user.view());
    // A user id that is some conversation's log id would share that log: refused like a taken one.
    transaction.expects = {{accountKey(user), 0}, {conversationKey(log), 0}, {deviceKey(user, certificate.device), 0}};
    transaction.writes = {{accountKey(user), encode(account)},
                          {manifestKey(user, 1), encode(recordOf(manifest, now))},
                          {deviceKey(user, certificate.device), encode(deviceOf(certificate, now))},
                          {conversationKey(log), encode(conversation)},
                          {userLogKey(user, log), encode(UserLogRecord{LogType::Account, user})}};
    writeFirstKeys(transaction, user, certificate.device, plan.request.keys);
    transaction.appends.push_back(ChatContext::accountAppend(user, context.records.devicesChanged(1)));
    return transaction;
}

Decision<Unit> commitOnce(ChatContext& context, const Plan& plan)
{
    const RecordKey key = rowKey(plan.user());
    KITH_TRY(const auto row, context.storage.get(key));
    std::optional<RegistrationRow> state = row ? decodeRegistration(row->value) : std::nullopt;
    if (!state || state->state != State::Started)
        return refused(ChatError::Unavailable, "The registration was interrupted: try again.");
    KITH_TRY(const auto conversation, context.storage.get(conversationKey(accountLogOf(plan.user()))));
    if (conversation)
        return refused(ChatError::Denied, "This user id is taken: make a new one.");

    KITH_TRY(const UserId invitedBy, inviterOf(context, plan));
    Transaction transaction = accountTransaction(context, plan, invitedBy, context.clock.wall());
    state->state = State::Committed;
    transaction.expects.push_back({key, row->version});
    transaction.writes.push_back({key, encode(*state)});
    return commit<Unit>(std::move(transaction), [&context, user = plan.user()](const Committed&) {
        context.conversations.forget(accountLogOf(user));
        return Result(Unit{});
    });
}

/// The steps in order; whatever fails after begin is taken back by the job before the caller hears of it.
class Registration : public std::enable_shared_from_this<Registration>
{
public:
    Registration(ChatContext& context, Executor& strand, Plan plan, Done<Registered> done)
        : context_(context), strand_(strand), plan_(std::move(plan)), done_(std::move(done))
    {
    }

    void begin()
    {
        runRule<Begun>(
            context_.storage, strand_, [self = shared_from_this()] { return beginOnce(self->context_, self->plan_); },
            [self = shared_from_this()](Result<Begun> begun) {
                if (!begun.ok())
                    return self->done_(std::move(begun).error());
                if (*begun)
                    return self->done_(std::move(**begun));
                self->step(&takeHandleOnce, [self] {
                    self->step(&claimInviteOnce, [self] { self->step(&commitOnce, [self] { self->finish({}); }); });
                });
            });
    }

private:
    template <class Once> void step(Once once, std::function<void()> next)
    {
        runRule<Unit>(
            context_.storage, strand_, [self = shared_from_this(), once] { return once(self->context_, self->plan_); },
            [self = shared_from_this(), next = std::move(next)](Result<Unit> result) {
                if (result.ok())
                    next();
                else
                    self->finish(std::move(result).error());
            });
    }

    /// Finishes or takes back, as the row says. A commit whose answer failed may have happened: the row knows.
    void finish(std::optional<Error> failed)
    {
        context_.runJob(rowKey(plan_.user()), strand_, [self = shared_from_this(), failed](const Result<void>&) {
            const Result<std::optional<Registered>> made = registeredBefore(self->context_, self->plan_);
            if (made.ok() && *made)
                self->done_(**made);
            else if (failed)
                self->done_(*failed);
            else
                self->done_(made.ok() ? refused(ChatError::Internal, "The new account cannot be read.")
                                      : asChatError(made.error()));
        });
    }

    ChatContext& context_;
    Executor& strand_;
    Plan plan_;
    Done<Registered> done_;
};

/// What Started becomes when nobody will go on with it.
Decision<State> abortOnce(const ChatContext& context, UserId user)
{
    const RecordKey key = rowKey(user);
    KITH_TRY(const auto row, context.storage.get(key));
    std::optional<RegistrationRow> state = row ? decodeRegistration(row->value) : std::nullopt;
    if (!state)
        return damagedRecord(Table::Job);
    if (state->state != State::Started)
        return answer(State{state->state});
    state->state = State::Aborting;
    Transaction transaction{key.bucket, {{key, row->version}}, {{key, encode(*state)}}, {}};
    return commit<State>(std::move(transaction), [](const Committed&) { return Result(State::Aborting); });
}

Decision<Unit> settleHandleOnce(const ChatContext& context, UserId user, const RegistrationRow& row, bool made)
{
    const RecordKey key = handleKey(row.handle);
    KITH_TRY(const auto record, load<HandleRecord>(context.storage, key));
    if (!record || record->value.state != HandleRecord::State::Pending || record->value.user != user)
        return answer(Unit{});
    Transaction transaction{key.bucket, {{key, record->version}}, {}, {}};
    if (made)
        transaction.writes.push_back({key, encode(HandleRecord{HandleRecord::State::Taken, user, {}})});
    else if (!record->value.invite.empty())
        transaction.writes.push_back(
            {key, encode(HandleRecord{HandleRecord::State::Reserved, UserId{}, record->value.invite})});
    else
        transaction.writes.push_back({key, std::nullopt});
    return commit(std::move(transaction));
}

Decision<Unit> settleInviteOnce(const ChatContext& context, UserId user, const RegistrationRow& row, bool made)
{
    if (row.invite.empty())
        return answer(Unit{});
    const RecordKey key = inviteKey(row.invite);
    KITH_TRY(auto invite, load<Invite>(context.storage, key));
    const auto claim = invite ? std::find(invite->value.claims.begin(), invite->value.claims.end(), user)
                              : std::vector<UserId>::iterator();
    if (!invite || claim == invite->value.claims.end())
        return answer(Unit{});
    invite->value.claims.erase(claim);
    if (made)
        ++invite->value.used;
    Transaction transaction{key.bucket, {{key, invite->version}}, {{key, encode(invite->value)}}, {}};
    return commit(std::move(transaction));
}

} // namespace

Bytes encode(const RegistrationRow& row)
{
    RecordWriter writer;
    writer.number(1).number(static_cast<std::uint64_t>(row.state)).bytes(row.handle).bytes(row.invite);
    return std::move(writer).take();
}

std::optional<RegistrationRow> decodeRegistration(ByteView bytes)
{
    RecordReader reader(bytes);
    const std::uint64_t format = reader.number();
    const std::uint64_t state = reader.number();
    RegistrationRow row;
    row.handle = reader.bytes();
    row.invite = reader.bytes();
    if (format != 1 || state < 1 || state > 3 || !reader.finished())
        return std::nullopt;
    row.state = static_cast<State>(state);
    return row;
}

void runRegistration(ChatContext& context, Executor& strand, RegisterRequest request, Bytes handle,
                     Done<Registered> done)
{
    Bytes invite = request.invite.empty() ? Bytes() : inviteHash(request.invite);
    Plan plan{std::move(request), std::move(handle), std::move(invite)};
    std::make_shared<Registration>(context, strand, std::move(plan), std::move(done))->begin();
}

void settleRegistration(ChatContext& context, Executor& strand, const Job& job, Done<void> done)
{
    const auto user = UserId::fromBytes(job.subject);
    const auto row = decodeRegistration(job.value);
    if (!user || !row)
        return done(damagedRecord(Table::Job));
    runRule<State>(
        context.storage, strand, [&context, user = *user] { return abortOnce(context, user); },
        [&context, &strand, user = *user, row = *row, done = std::move(done)](Result<State> state) {
            if (!state.ok())
                return done(std::move(state).error());
            const bool made = *state == State::Committed;
            runRule<Unit>(
                context.storage, strand,
                [&context, user, row, made] { return settleHandleOnce(context, user, row, made); },
                [&context, &strand, user, row, made, done](Result<Unit> handle) {
                    if (!handle.ok())
                        return done(std::move(handle).error());
                    runRule<Unit>(
                        context.storage, strand,
                        [&context, user, row, made] { return settleInviteOnce(context, user, row, made); },
                        asUnit(done));
                });
        });
}

} // namespace kith::server
