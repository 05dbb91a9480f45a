#include "app/cli/Context.h"

namespace kith::cli
{

Context::Context(Session& session, Millis timeout, bool readOnly)
    : session_(session), timeout_(timeout), readOnly_(readOnly)
{
    deadline_.setSingleShot(true);
    QObject::connect(&deadline_, &QTimer::timeout, &deadline_, [this] {
        expired_ = true;
        wake();
    });
    restartDeadline();
}

void Context::wake()
{
    if (loop_ != nullptr)
        loop_->wakeUp();
}

void Context::stop(const Error& why)
{
    if (!stopped_)
        stopped_ = why;
    wake();
}

Result<void> Context::waitUntil(const std::function<bool()>& done)
{
    QEventLoop loop;
    loop_ = &loop;
    while (!done() && !expired_ && !stopped_)
        loop.processEvents(QEventLoop::WaitForMoreEvents);
    loop_ = nullptr;
    if (done())
        return {};
    if (stopped_)
        return *stopped_;
    return connectionError();
}

Error Context::connectionError() const
{
    using net::ConnectionState;
    const net::ConnectionFact& fact = session_.connection();
    const auto words = [&](const char* otherwise) { return fact.words.empty() ? std::string(otherwise) : fact.words; };
    switch (fact.state) {
    case ConnectionState::CertificateProblem:
        return Error::make(SessionError::Certificate, net::wordsWithKeys(fact));
    case ConnectionState::NewerProtocol:
        return Error::make(SessionError::NewerProtocol, words("server and program speak different versions"));
    case ConnectionState::Revoked:
        return Error::make(SessionError::Revoked, words("this device no longer belongs to the account"));
    case ConnectionState::Online:
        return Error::make(SessionError::Timeout, "connected, but it did not happen in time");
    default:
        return Error::make(SessionError::Unreachable, words("the server was not reached in time"));
    }
}

Result<void> Context::connect()
{
    using net::ConnectionState;
    KITH_CHECK(session_.start());
    KITH_CHECK(waitUntil([&] {
        const auto state = session_.connection().state;
        return state == ConnectionState::Online || state == ConnectionState::CertificateProblem ||
               state == ConnectionState::NewerProtocol || state == ConnectionState::Revoked;
    }));
    if (session_.connection().state != ConnectionState::Online)
        return connectionError();
    return {};
}

Result<Conversation> Context::knownConversation(const std::string& who) const
{
    std::optional<UserId> peer;
    KITH_TRY(const auto contact, session_.contactByHandle(who));
    if (contact)
        peer = contact->user;
    KITH_TRY(const auto all, session_.conversations());
    for (const Conversation& conversation : all) {
        if ((peer && conversation.peer == *peer) || conversation.log.hex() == who)
            return conversation;
    }
    return Error::make(SessionError::NotFound, "there is no conversation with " + who);
}

Result<Conversation> Context::anyConversation(const std::string& who)
{
    auto known = knownConversation(who);
    if (known || !known.error().is(SessionError::NotFound))
        return known;
    KITH_CHECK(connect());
    KITH_TRY(const Contact contact,
             await<Contact>([&](Completion<Contact> done) { session_.findPerson(who, std::move(done)); }));
    KITH_TRY(const LogId log,
             await<LogId>([&](Completion<LogId> done) { session_.openConversation(contact.user, std::move(done)); }));
    KITH_TRY(const auto conversation, session_.conversation(log));
    if (!conversation)
        return Error::make(SessionError::NotFound, "the conversation with " + who + " is gone");
    return *conversation;
}

} // namespace kith::cli
