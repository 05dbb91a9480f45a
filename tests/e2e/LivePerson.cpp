#include "tests/e2e/LivePerson.h"

#include <QTest>

namespace kith::test
{

template <class T> std::optional<T> LivePerson::await(const std::function<void(Completion<T>)>& use)
{
    const auto slot = std::make_shared<std::optional<Result<T>>>();
    use([slot](Result<T> result) { slot->emplace(std::move(result)); });
    if (!QTest::qWaitFor([&] { return slot->has_value(); }, 15'000) || !(*slot)->ok()) {
        qWarning("%s", slot->has_value() ? (*slot)->error().describe().c_str() : "no answer");
        return std::nullopt;
    }
    return std::move(**slot).value();
}

LivePerson::LivePerson()
{
    since_.start();
    open();
}

bool LivePerson::registerAs(const std::string& handle, const wire::InviteLink& invite)
{
    RegistrationRequest request;
    request.server.host = invite.host;
    request.server.port = invite.port;
    request.server.plain = invite.plain;
    if (!invite.serverKey.empty())
        request.pins.serverKey = invite.serverKey;
    request.invite = invite.token;
    request.handle = handle;
    return await<OwnAccount>([&](auto done) { session_->registerAccount(request, done); }).has_value();
}

bool LivePerson::joins(const std::string& handle, const KithdProcess& kithd, std::uint16_t port,
                       const std::string& host)
{
    const Ran made = kithd.command({QStringLiteral("invite"), QStringLiteral("create")});
    auto invite = wire::parseInviteLink(made.answer[QStringLiteral("invite")].toString().toStdString());
    if (!invite.ok())
        return false;
    if (port != 0)
        invite->port = port;
    if (!host.empty())
        invite->host = host;
    if (!registerAs(handle, *invite))
        return false;
    start();
    return comesTo(State::Online, 10'000);
}

void LivePerson::start()
{
    const auto started = session_->start();
    if (!started)
        qWarning("%s", started.error().describe().c_str());
}

void LivePerson::restart()
{
    watch_.reset();
    session_.reset();
    executor_.reset();
    transport_.reset();
    profile_.reset();
    seen.clear();
    open();
}

bool LivePerson::comesTo(State wanted, int withinMs)
{
    const bool came = QTest::qWaitFor([&] { return state() == wanted; }, withinMs);
    if (!came) {
        for (const Seen& row : seen)
            qWarning("%8lld ms  %s  %s", static_cast<long long>(row.atMs),
                     std::string(net::stateName(row.fact.state)).c_str(), row.fact.words.c_str());
    }
    return came;
}

LogId LivePerson::talksTo(const std::string& handle)
{
    const auto contact = await<Contact>([&](auto done) { session_->findPerson(handle, done); });
    if (!contact)
        return {};
    return await<LogId>([&](auto done) { session_->openConversation(contact->user, done); }).value_or(LogId{});
}

bool LivePerson::accepts(const LogId& log)
{
    const bool asked = QTest::qWaitFor([&] {
        const auto known = session_->conversation(log);
        return known && *known;
    });
    bool accepted = false;
    session_->acceptRequest(log, [&](const Result<void>& answer) { accepted = answer.ok(); });
    return asked && QTest::qWaitFor([&] { return accepted; });
}

QStringList LivePerson::texts(const LogId& log)
{
    QStringList all;
    const auto rows = session_->history(log, 1000);
    if (!rows)
        return all;
    for (const Message& row : *rows) {
        if (row.kind == MessageKind::Text)
            all.append(QString::fromStdString(row.text));
    }
    return all;
}

void LivePerson::open()
{
    auto profile = Profile::open(directory_.path().toStdString(), vault_, random_, Profile::Missing::Create);
    if (!profile)
        qFatal("%s", profile.error().describe().c_str());
    profile_ = std::move(*profile);
    executor_ = std::make_unique<net::QtExecutor>();
    transport_ = std::make_unique<net::WebSocketTransport>();
    SessionEvents events;
    events.connectionChanged = [this](const net::ConnectionFact& fact) {
        seen.push_back({fact, since_.elapsed()});
        if (onState)
            onState(fact.state);
    };
    session_ = std::make_unique<Session>(
        SessionEnvironment{clock, random_, timers_, *executor_, *transport_, profile_->store()}, std::move(events));
    watch_ = std::make_unique<net::NetworkWatch>(net::NetworkWatch::Receiver{
        [this] { session_->networkChanged(true); }, [this] { session_->networkChanged(false); }});
}

} // namespace kith::test
