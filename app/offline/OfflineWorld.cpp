#include "app/offline/OfflineWorld.h"

#include "app/offline/Must.h"
#include "tests/support/store/Rows.h"

namespace kith::offline
{
namespace
{

constexpr std::int64_t minuteMs = 60'000;

OwnAccount ownAccount()
{
    OwnAccount account;
    account.user = test::self;
    account.device = test::selfDevice;
    account.incarnation = Bytes(16, '\x01');
    account.handle = "elin";
    account.displayName = "Elin Karlsson";
    account.accountLog = test::idOf<LogId>(0xac);
    account.server.url = "wss://kith.example:8443/v1/ws";
    account.registered = true;
    return account;
}

} // namespace

QFuture<bool> OfflineSignUp::hasKeychain()
{
    QPromise<bool> promise;
    promise.start();
    promise.addResult(true);
    promise.finish();
    return promise.future();
}

QFuture<Result<void>> OfflineSignUp::createAccount(RegistrationRequest, std::optional<std::string>)
{
    QPromise<Result<void>> promise;
    promise.start();
    promise.addResult(Error::make(SessionError::Unreachable, "this is the offline world"));
    promise.finish();
    return promise.future();
}

OfflineWorld::OfflineWorld() : account_(store_, time_, clock_, ownAccount()) {}

Person& OfflineWorld::add(const std::string& handle, const std::string& name, RequestState request)
{
    const int number = static_cast<int>(people_.size()) + 1;
    Person person;
    person.user = test::idOf<UserId>(number);
    person.device = test::idOf<DeviceId>(number);
    person.log = test::idOf<LogId>(number);
    must(store_->contacts().setHandle(person.user, handle));
    must(store_->contacts().setDisplayName(person.user, name));
    must(store_->conversations().ensure(person.log, ConversationType::Direct, person.user, request));
    people_.push_back(person);
    return people_.back();
}

Person& OfflineWorld::addNotes()
{
    Person person;
    person.user = account_.self().user;
    person.device = account_.self().device;
    person.log = test::idOf<LogId>(0xee);
    must(store_->conversations().ensure(person.log, ConversationType::Direct, person.user, RequestState::Accepted));
    people_.push_back(person);
    return people_.back();
}

void OfflineWorld::verify(Person& person)
{
    KnownIdentity identity;
    identity.verification = Verification::Compared;
    identity.manifestVersion = 1;
    must(store_->identities().saveIdentity(person.user, identity));
}

InboxRow OfflineWorld::row(Person& person, int minutesAgo)
{
    InboxRow row = test::anasRow(++person.last, "");
    row.author = person.user;
    row.device = person.device;
    row.serverTime = wallFromMillis(nowMs - minutesAgo * minuteMs);
    // The log tells messages apart by author's device and this id: unique among all people.
    Bytes id = person.log.bytes().substr(0, 8);
    appendBigEndian(id, person.last);
    row.clientMsgId = *ClientMsgId::fromBytes(id);
    return row;
}

void OfflineWorld::commit(const Person& person, std::vector<InboxRow> rows)
{
    must(store_->inbox().commit(test::batchOf(std::move(rows), person.log)));
}

void OfflineWorld::hear(Person& person, const std::string& text, int minutesAgo, std::int64_t replyTo)
{
    InboxRow next = row(person, minutesAgo);
    next.text = text;
    if (replyTo > 0) {
        const auto quoted = must(store_->messages().find(person.log, test::at(static_cast<std::uint64_t>(replyTo))));
        next.replyTo = quoted->reference();
    }
    commit(person, {next});
}

void OfflineWorld::say(Person& person, const std::string& text, int minutesAgo)
{
    InboxRow next = row(person, minutesAgo);
    next.text = text;
    next.author = account_.self().user;
    next.device = account_.self().device;
    commit(person, {next});
}

void OfflineWorld::hearNothing(Person& person, MessageKind kind, int minutesAgo)
{
    InboxRow next = row(person, minutesAgo);
    next.kind = kind;
    if (kind == MessageKind::Waiting)
        next.waiting = WaitingRow{WaitingFor::Resend, "body", "envelope"};
    if (kind == MessageKind::Lost)
        next.raw = "expired";
    commit(person, {next});
}

void OfflineWorld::reached(Person& person, bool read)
{
    const Seq all{person.last};
    must(store_->marks().apply(person.log,
                               {Generation{std::uint64_t{1}}, ++person.marks, {{person.user, all, read ? all : Seq{}}}},
                               account_.self().user));
}

void OfflineWorld::readUpTo(Person& person, std::uint64_t before)
{
    must(store_->marks().setRead(person.log, Seq{person.last - before}));
}

void OfflineWorld::flood(Person& person, int count, const std::string& text)
{
    while (count > 0) {
        std::vector<InboxRow> rows;
        for (; count > 0 && rows.size() < InboxBatch::maxRows; --count) {
            rows.push_back(row(person, 0));
            rows.back().text = text + " " + std::to_string(person.last);
        }
        commit(person, std::move(rows));
    }
}

void OfflineWorld::expectMore(Person& person, std::uint64_t count)
{
    must(
        store_->conversations().noteHead({person.log, Generation{std::uint64_t{1}}, Seq{person.last + count}, {}, {}}));
}

} // namespace kith::offline
