#include "core/session/SessionParts.h"

#include "core/base/Log.h"
#include "core/crypto/Sign.h"
#include "core/net/NetError.h"
#include "core/protocol/wire/InviteLink.h"

#include <set>

namespace kith
{
namespace
{

constexpr const char* program = "kith/" KITH_VERSION;

Error fromState(const net::ConnectionFact& fact)
{
    switch (fact.state) {
    case net::ConnectionState::CertificateProblem:
        return Error::make(SessionError::Certificate, net::wordsWithKeys(fact));
    case net::ConnectionState::NewerProtocol:
        return Error::make(SessionError::NewerProtocol, fact.words);
    default:
        return Error::make(SessionError::Unreachable, fact.words);
    }
}

/// "kith authenticate v1" over what the server challenged with and who we are.
std::function<Result<Bytes>(const wire::HelloResponse&)> signer(const OwnDevice& device)
{
    const auto own = std::make_shared<OwnDevice>(device.clone());
    return [own](const wire::HelloResponse& hello) -> Result<Bytes> {
        const Bytes challenge =
            hello.server_id() + hello.challenge() + own->identity.user.bytes() + own->identity.device.bytes();
        return Bytes(sign(own->signing.secretKey, authenticateLabel, challenge).view());
    };
}

} // namespace

Result<RegistrationRequest> registrationFromInvite(const std::string& link)
{
    const auto parsed = wire::parseInviteLink(link);
    if (!parsed) // nobody was asked yet: it is what was typed that is wrong
        return Error::make(net::NetError::BadAddress, parsed.error().detail);
    const wire::InviteLink& invite = *parsed;
    RegistrationRequest request;
    request.server.host = invite.host;
    request.server.port = invite.port;
    request.server.plain = invite.plain;
    if (!invite.serverKey.empty())
        request.pins.serverKey = invite.serverKey;
    request.invite = invite.token;
    request.inviter = invite.identity;
    return request;
}

Result<RegistrationRequest> registrationFromAddress(const std::string& address)
{
    RegistrationRequest request;
    KITH_TRY(request.server, net::ServerAddress::parse(address));
    return request;
}

Session::Parts::Parts(const SessionEnvironment& where, SessionEvents told) : environment(where), events(std::move(told))
{
    subscription = environment.store.changes().subscribe(
        environment.executor, [this](const std::shared_ptr<const StoreChanges>& changes) { changed(*changes); });
    environment.store.onWriterStopped([this](const Error& error) {
        if (events.storeStopped)
            environment.executor.post([handler = events.storeStopped, error] { handler(error); });
    });
}

Session::Parts::~Parts() = default;

net::ConnectionPorts Session::Parts::ports() const
{
    return {environment.transport, environment.clock, environment.random, environment.timers, environment.executor};
}

void Session::Parts::changed(const StoreChanges& changes) const
{
    if (!events.conversationChanged)
        return;
    std::set<LogId> logs = changes.conversationsChanged;
    logs.insert(changes.marksChanged.begin(), changes.marksChanged.end());
    for (const auto& [log, rows] : changes.messagesChanged)
        logs.insert(log);
    for (const LogId& log : logs)
        events.conversationChanged(log);
}

void Session::Parts::registerAccount(const RegistrationRequest& request, Completion<OwnAccount> done)
{
    const auto fail = [&](Error error) {
        environment.executor.post([error = std::move(error), done] { done(error); });
    };
    const auto kept = environment.store.account().load();
    if (!kept)
        return fail(kept.error());
    if (*kept && (*kept)->registered)
        return fail(
            Error::make(SessionError::AlreadyRegistered, "this profile already has the account " + (*kept)->handle));
    OwnAccount draft = kept->value_or(OwnAccount{});
    draft.handle = request.handle;
    draft.server.url = (request.server.plain ? "ws://" : "wss://") + request.server.authority();
    draft.server.pinnedKey = request.pins.serverKey.value_or(Bytes());
    auto prepared = prepareAccount(environment.store, draft, environment.clock.wall(), environment.random);
    if (!prepared)
        return fail(prepared.error());
    account = std::move(*prepared);
    registering_ = false;
    registration_ = std::make_unique<net::Connection>(
        net::ConnectionSettings{request.server, request.pins, std::nullopt, program}, ports());
    registration_->onChanged([this, draft, invitation = Invitation{request.invite, request.inviter},
                              done](const net::ConnectionFact& fact) {
        if (events.connectionChanged)
            events.connectionChanged(fact);
        if (fact.state == net::ConnectionState::CertificateProblem || fact.state == net::ConnectionState::NewerProtocol)
            return registered(fromState(fact), done);
        if (fact.state != net::ConnectionState::Online || std::exchange(registering_, true))
            return;
        registerOn(*registration_, environment.store, *account, draft, invitation, environment.random,
                   [this, done](const Result<OwnAccount>& result) {
                       if (!result && result.error().remedy == Remedy::Retry)
                           registering_ = false; // the connection comes back and it is tried again
                       else if (!result && result.error().is(ManifestError::IdentityChanged))
                           registered(Error::make(SessionError::KeyChanged, result.error().detail), done);
                       else
                           registered(result, done);
                   });
    });
    registration_->start();
}

void Session::Parts::registered(const Result<OwnAccount>& result, const Completion<OwnAccount>& done)
{
    registration_->stop();
    // Destroyed later: this runs inside one of its own calls.
    environment.executor.post([this, result, done] {
        registration_.reset();
        done(result);
    });
}

Result<void> Session::Parts::prepare()
{
    if (engine)
        return {};
    KITH_TRY(const auto own, environment.store.account().load());
    if (!own || !own->registered)
        return Error::make(SessionError::NotRegistered, "this profile has no account yet");
    KITH_TRY(OwnDevice loaded, loadDevice(environment.store));
    KITH_TRY(net::ServerAddress address, net::ServerAddress::parse(own->server.url));
    device = std::move(loaded);
    crypto = std::make_unique<DirectCrypto>(device->clone(), environment.store.sessions(), environment.store.preKeys(),
                                            environment.random);
    net::ConnectionSettings settings;
    settings.address = std::move(address);
    if (!own->server.pinnedKey.empty())
        settings.pins.serverKey = own->server.pinnedKey;
    settings.credentials = net::Credentials{own->user, own->device, own->incarnation, signer(*device)};
    settings.program = program;
    connection = std::make_unique<net::Connection>(std::move(settings), ports());
    context = std::make_unique<SyncContext>(SyncContext{environment.clock, environment.random, environment.timers,
                                                        environment.executor, environment.store, *connection, *crypto,
                                                        *device, *own});
    SyncEngine::Events told{events.typingChanged, events.presenceChanged,
                            [this](const Error& error) { broken(error); }};
    engine = std::make_unique<SyncEngine>(*context, std::move(told));
    connection->onChanged([this](const net::ConnectionFact& fact) {
        if (events.connectionChanged)
            events.connectionChanged(fact);
    });
    return {};
}

const net::ConnectionFact& Session::Parts::fact() const
{
    static const net::ConnectionFact none;
    if (connection)
        return connection->fact();
    return registration_ ? registration_->fact() : none;
}

Result<void> Session::Parts::start()
{
    if (const auto readOnly = environment.store.readOnly())
        return *readOnly; // what arrives could not be kept
    KITH_CHECK(prepare());
    if (!std::exchange(started, true))
        connection->start();
    return {};
}

void Session::Parts::stop() const
{
    if (registration_)
        registration_->stop();
    if (connection)
        connection->stop();
}

void Session::Parts::whenOnline(Completion<void> done, const std::function<void(Completion<void>)>& use)
{
    if (engine && context->online())
        return use(std::move(done));
    const net::ConnectionFact fact = connection ? connection->fact() : net::ConnectionFact{};
    environment.executor.post([fact, done = std::move(done)] {
        done(Error::make(SessionError::Unreachable, fact.words.empty() ? "not connected" : fact.words));
    });
}

void Session::Parts::broken(const Error& error)
{
    kith::log(LogLevel::Error, "sync_broken", {{"domain", error.domain}, {"code", error.name}});
    // What the server said is dropped with the connection; the next one starts from what is stored.
    if (!error.is(StoreError::Stopped) && connection)
        connection->breakProtocol(error.detail);
}

} // namespace kith
