#include "core/session/LocalAccount.h"

#include <QPromise>

namespace kith
{

LocalAccount::LocalAccount(Executor& engine, Session& session, ChangeFeed& changes, OwnAccount self,
                           std::unique_ptr<ReaderStore> reader)
    : engine_(engine), session_(session), changes_(changes), self_(std::move(self)), reader_(std::move(reader))
{
}

template <class T> QFuture<Result<T>> LocalAccount::ask(std::function<void(Session&, Completion<T>)> use)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    engine_.post([&session = session_, promise, use = std::move(use)] {
        use(session, [promise](Result<T> result) {
            promise->addResult(std::move(result));
            promise->finish();
        });
    });
    return future;
}

void LocalAccount::tell(std::function<void(Session&)> use)
{
    engine_.post([&session = session_, use = std::move(use)] { use(session); });
}

void LocalAccount::setEvents(AccountEvents events)
{
    events_ = std::move(events);
    for (const auto& what : std::exchange(unheard_, {}))
        what(*events_);
}

void LocalAccount::happened(std::function<void(const AccountEvents&)> what)
{
    if (events_)
        what(*events_);
    else
        unheard_.push_back(std::move(what));
}

void LocalAccount::lookedAt()
{
    tell([](Session& session) { session.lookedAt(); });
}

QFuture<Result<MessageId>> LocalAccount::sendText(LogId log, std::string text)
{
    return ask<MessageId>([log, text = std::move(text)](Session& session, const Completion<MessageId>& done) {
        const auto sent = session.sendText(log, text);
        done(sent ? Result<MessageId>(sent->id) : Result<MessageId>(sent.error()));
    });
}

QFuture<Result<void>> LocalAccount::retry(MessageId message)
{
    return ask<void>([message](Session& session, const Completion<void>& done) { done(session.retry(message)); });
}

QFuture<Result<void>> LocalAccount::markRead(LogId log, Seq seq)
{
    return ask<void>([log, seq](Session& session, const Completion<void>& done) { done(session.markRead(log, seq)); });
}

void LocalAccount::setFocus(std::optional<LogId> log)
{
    tell([log](Session& session) { session.setFocus(log); });
}

void LocalAccount::setTyping(LogId log, bool typing)
{
    tell([log, typing](Session& session) { session.setTyping(log, typing); });
}

QFuture<Result<void>> LocalAccount::acceptRequest(LogId log)
{
    return ask<void>([log](Session& session, Completion<void> done) { session.acceptRequest(log, std::move(done)); });
}

QFuture<Result<void>> LocalAccount::declineRequest(LogId log)
{
    return ask<void>([log](Session& session, Completion<void> done) { session.declineRequest(log, std::move(done)); });
}

QFuture<Result<void>> LocalAccount::setBlocked(UserId user, bool blocked)
{
    return ask<void>([user, blocked](Session& session, Completion<void> done) {
        session.setBlocked(user, blocked, std::move(done));
    });
}

QFuture<Result<LogId>> LocalAccount::chatWith(std::string handle)
{
    return ask<LogId>([handle = std::move(handle)](Session& session, Completion<LogId> done) {
        session.findPerson(handle, [&session, done = std::move(done)](const Result<Contact>& found) {
            if (found)
                session.openConversation(found->user, done);
            else
                done(found.error());
        });
    });
}

QFuture<Result<std::string>> LocalAccount::safetyNumber(UserId user)
{
    return ask<std::string>(
        [user](Session& session, const Completion<std::string>& done) { done(session.safetyNumber(user)); });
}

void LocalAccount::connectionChanged(const net::ConnectionFact& fact)
{
    fact_ = fact;
    happened([fact](const AccountEvents& events) {
        if (events.connectionChanged)
            events.connectionChanged(fact);
    });
}

void LocalAccount::typingChanged(LogId log, UserId user, bool typing)
{
    if (user == self_.user)
        return; // another device of ours is no news
    happened([log, typing](const AccountEvents& events) {
        if (events.typingChanged)
            events.typingChanged(log, typing);
    });
}

void LocalAccount::presenceChanged(UserId user, bool online)
{
    happened([user, online](const AccountEvents& events) {
        if (events.presenceChanged)
            events.presenceChanged(user, online);
    });
}

void LocalAccount::storeStopped(const Error& error)
{
    happened([error](const AccountEvents& events) {
        if (events.storeStopped)
            events.storeStopped(error);
    });
}

} // namespace kith
