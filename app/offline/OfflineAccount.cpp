#include "app/offline/OfflineAccount.h"

#include "app/offline/Must.h"
#include "core/session/SessionError.h"
#include "tests/support/store/Rows.h"

namespace kith::offline
{
namespace
{

constexpr std::size_t batch = 64;
constexpr std::uint64_t firstOwnMessage = 900'000'000; // apart from those that scenes number
constexpr std::string_view digits = "482915037761284490315528760193847265502817364094758123069981";

template <class T> QFuture<Result<T>> answered(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace

OfflineAccount::OfflineAccount(test::TestStore& store, Timers& timers, const Clock& clock, OwnAccount self)
    : store_(store), timers_(timers), clock_(clock), self_(std::move(self)), lastMessage_(firstOwnMessage)
{
    must(store_->account().save(self_));
    reader_ = must(store_.reader());
    fact_.state = net::ConnectionState::Online;
}

void OfflineAccount::setConnection(const net::ConnectionFact& fact)
{
    fact_ = fact;
    if (events_.connectionChanged)
        events_.connectionChanged(fact_);
}

void OfflineAccount::setPersonTyping(const LogId& log, bool typing)
{
    if (events_.typingChanged)
        events_.typingChanged(log, typing);
}

void OfflineAccount::setPersonOnline(const UserId& user, bool online)
{
    if (events_.presenceChanged)
        events_.presenceChanged(user, online);
}

void OfflineAccount::stopStore()
{
    if (events_.storeStopped)
        events_.storeStopped(Error::make(SessionError::Timeout, "the disk is full"));
}

void OfflineAccount::lookedAt()
{
    setConnection({net::ConnectionState::Connecting, {}, {}, {}, {}});
}

QFuture<Result<MessageId>> OfflineAccount::sendText(LogId log, std::string text)
{
    NewMessage message;
    message.log = log;
    message.clientMsgId = test::messageIdOf(++lastMessage_);
    message.text = std::move(text);
    message.senderClock = clock_.wall();
    auto id = store_->outbox().compose(message, self_.user, self_.device);
    serving_ = timers_.after(serverDelay, [this] { serve(); });
    return answered(std::move(id));
}

QFuture<Result<void>> OfflineAccount::retry(MessageId message)
{
    auto done = store_->outbox().retry(message);
    serving_ = timers_.after(serverDelay, [this] { serve(); });
    return answered(std::move(done));
}

void OfflineAccount::serve()
{
    if (fact_.state != net::ConnectionState::Online)
        return;
    const auto queued = store_->outbox().queued(MessageId{}, batch);
    if (!queued.ok())
        return;
    for (const OutboxItem& item : queued.value())
        if (!acceptOne(item).ok())
            return;
}

Result<void> OfflineAccount::acceptOne(const OutboxItem& item)
{
    const Bytes commitment(32, '\x0c');
    KITH_TRY(const auto chat, store_->conversations().find(item.log));
    const Generation generation = chat->generation.value() == 0 ? Generation{std::uint64_t{1}} : chat->generation;
    const Seq seq = chat->cursor.next();
    KITH_TRY(const auto message, store_->messages().find(item.id));
    KITH_CHECK(store_->outbox().seal(item.id, "sealed", commitment, "secret"));
    KITH_CHECK(store_->outbox().handOver(item.id));
    KITH_CHECK(store_->outbox().accept(
        item.id, {LogPosition{generation, seq}, clock_.wall(), test::chainOf(seq.value(), generation.value())}));
    InboxRow row = test::ownRow(seq.value(), message->clientMsgId, generation.value());
    row.text = message->text;
    row.author = self_.user;
    row.device = self_.device;
    row.commitment = commitment;
    row.serverTime = clock_.wall();
    KITH_CHECK(store_->inbox().commit(test::batchOf({row}, item.log)));
    return {};
}

QFuture<Result<void>> OfflineAccount::markRead(LogId log, Seq seq)
{
    return answered(store_->marks().setRead(log, seq));
}

void OfflineAccount::setFocus(std::optional<LogId>) {}

void OfflineAccount::setTyping(LogId, bool) {}

QFuture<Result<void>> OfflineAccount::acceptRequest(LogId log)
{
    return answered(store_->conversations().setRequest(log, RequestState::Accepted));
}

QFuture<Result<void>> OfflineAccount::declineRequest(LogId log)
{
    return answered(store_->conversations().setRequest(log, RequestState::Declined));
}

QFuture<Result<void>> OfflineAccount::setBlocked(UserId user, bool blocked)
{
    return answered(store_->contacts().setBlocked(user, blocked));
}

QFuture<Result<LogId>> OfflineAccount::chatWith(std::string handle)
{
    const auto contact = store_->contacts().findByHandle(handle);
    if (contact.ok() && contact.value()) {
        const auto chat = store_->conversations().findDirect(contact.value()->user);
        if (chat.ok() && chat.value())
            return answered(Result<LogId>(chat.value()->log));
    }
    return answered(Result<LogId>(Error::make(SessionError::NotFound, "nobody is called that")));
}

QFuture<Result<std::string>> OfflineAccount::safetyNumber(UserId)
{
    return answered(Result<std::string>(std::string(digits)));
}

} // namespace kith::offline
