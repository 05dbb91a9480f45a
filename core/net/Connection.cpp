#include "core/net/Connection.h"

#include "core/protocol/wire/Limits.h"
#include "core/protocol/wire/WireError.h"

#include <utility>

namespace kith::net
{
namespace
{

constexpr std::size_t challengeSize = 32;
constexpr std::size_t serverIdSize = 16;

/// The machine watches the handshake and the heartbeat; these calls need no deadline of their own.
constexpr CallOptions handshake{std::nullopt, true};

GoodbyeReason reasonOf(const wire::Goodbye& goodbye)
{
    switch (goodbye.reason()) {
    case wire::Goodbye::RESTARTING:
        return GoodbyeReason::Restarting;
    case wire::Goodbye::REPLACED:
        return GoodbyeReason::Replaced;
    case wire::Goodbye::REVOKED:
        return GoodbyeReason::Revoked;
    case wire::Goodbye::TOO_SLOW:
        return GoodbyeReason::TooSlow;
    case wire::Goodbye::IDLE:
        return GoodbyeReason::Idle;
    case wire::Goodbye::PROTOCOL:
        return GoodbyeReason::Protocol;
    default:
        return GoodbyeReason::Unspecified;
    }
}

} // namespace

Connection::Connection(ConnectionSettings settings, ConnectionPorts ports)
    : settings_(std::move(settings)), ports_(ports),
      rpc_(ports.clock, ports.executor,
           RpcOutlets{[this](ByteView frame) {
                          ports_.transport.sendBinary(frame);
                          raise(ConnectionEventKind::Spoke);
                      },
                      [this] { return ports_.transport.bytesBuffered(); },
                      [this](const std::string& words) { raise(ConnectionEventKind::ProtocolBroken, words); }})
{
    model_.anonymous = !settings_.credentials;
    onEvents({});
    TransportEvents events;
    events.opened = [this] {
        rpc_.open();
        raise(ConnectionEventKind::Opened);
    };
    events.binary = [this](ByteView message) {
        raise(ConnectionEventKind::Heard);
        rpc_.receive(message);
    };
    events.closed = [this](int, const std::string& words) { raise(ConnectionEventKind::Closed, words); };
    events.failed = [this](const TransportError& error) {
        ConnectionEvent event;
        event.kind = ConnectionEventKind::Failed;
        event.error = error;
        raise(std::move(event));
    };
    events.drained = [this] { rpc_.pump(); };
    ports_.transport.setEvents(std::move(events));
}

Connection::~Connection()
{
    ports_.transport.close(CloseCode::Normal, {});
    ports_.transport.setEvents({});
}

void Connection::start()
{
    raise(ConnectionEventKind::Start);
}

void Connection::stop()
{
    raise(ConnectionEventKind::Stop);
}

void Connection::caughtUp()
{
    raise(ConnectionEventKind::CaughtUp);
}

void Connection::deny(const std::string& words)
{
    resumeToken_.clear();
    raise(ConnectionEventKind::Denied, words);
}

void Connection::notNow(const std::string& words, Millis wait)
{
    ConnectionEvent event;
    event.kind = ConnectionEventKind::HandshakeFailed;
    event.words = words;
    event.retryAfter = wait;
    raise(std::move(event));
}

void Connection::networkUp()
{
    if (!settings_.address.isLoopback())
        raise(ConnectionEventKind::NetworkUp);
}

void Connection::networkDown()
{
    if (!settings_.address.isLoopback())
        raise(ConnectionEventKind::NetworkDown);
}

void Connection::lookedAt()
{
    raise(ConnectionEventKind::LookedAt);
}

void Connection::woke()
{
    raise(ConnectionEventKind::Woke);
}

void Connection::onChanged(std::function<void(const ConnectionFact&)> listener)
{
    changed_.push_back(std::move(listener));
}

void Connection::onEvents(ServerEvents events)
{
    const auto forward = std::move(events.goodbye);
    events.goodbye = [this, forward](const wire::Goodbye& goodbye) {
        if (!goodbye.resume())
            resumeToken_.clear();
        ConnectionEvent event;
        event.kind = ConnectionEventKind::Goodbye;
        event.reason = reasonOf(goodbye);
        event.retryAfter = Millis{goodbye.retry_after_ms()};
        event.words = goodbye.detail();
        raise(std::move(event));
        if (forward)
            forward(goodbye);
    };
    rpc_.setEvents(std::move(events));
}

void Connection::raise(ConnectionEventKind kind, std::string words)
{
    ConnectionEvent event;
    event.kind = kind;
    event.words = std::move(words);
    raise(std::move(event));
}

void Connection::raise(ConnectionEvent event)
{
    event.now = ports_.clock.mono();
    event.wall = ports_.clock.wall();
    backlog_.push_back(std::move(event));
    if (handling_)
        return;
    handling_ = true;
    for (std::size_t i = 0; i < backlog_.size(); ++i) {
        const ConnectionEvent next = std::move(backlog_[i]);
        handle(next);
    }
    backlog_.clear();
    handling_ = false;
}

void Connection::handle(const ConnectionEvent& event)
{
    ConnectionStep step = nextStep(model_, event, ports_.random);
    model_ = std::move(step.model);
    bool usable = false;
    for (const ConnectionAction action : step.actions) {
        usable = usable || action == ConnectionAction::Use;
        carryOut(action);
    }
    schedule();
    announce();
    if (usable && settings_.credentials && ready_)
        ready_(session_);
}

void Connection::carryOut(ConnectionAction action)
{
    switch (action) {
    case ConnectionAction::Open:
        return ports_.transport.open(settings_.address, settings_.pins);
    case ConnectionAction::CloseNormal:
        return drop(CloseCode::Normal);
    case ConnectionAction::CloseDeaf:
        return drop(CloseCode::Deaf);
    case ConnectionAction::CloseProtocol:
        return drop(CloseCode::Protocol);
    case ConnectionAction::Hello:
        return sendHello();
    case ConnectionAction::Authenticate:
        return resumeToken_.empty() ? authenticate() : resume();
    case ConnectionAction::Use:
        return rpc_.allowCalls();
    case ConnectionAction::Ping:
        return ping();
    }
}

void Connection::drop(CloseCode code)
{
    ++channel_;
    hello_.reset();
    ports_.transport.close(code, {});
    rpc_.drop("the connection to the server broke");
}

void Connection::sendHello()
{
    wire::HelloRequest request;
    request.set_minor_version(wire::minorVersion);
    request.set_program(settings_.program);
    rpc_.call<wire::HelloRequest, wire::HelloResponse>(
        wire::HELLO, request,
        [this, channel = channel_](Result<wire::HelloResponse> answer) {
            if (channel != channel_)
                return;
            if (!answer.ok())
                return refused(answer.error());
            wire::HelloResponse& hello = answer.value();
            if (hello.challenge().size() != challengeSize || hello.server_id().size() != serverIdSize)
                return raise(ConnectionEventKind::ProtocolBroken, "its greeting has no challenge");
            serverTime_.learn(hello.server_time_ms(), ports_.clock.mono());
            ConnectionEvent event;
            event.kind = ConnectionEventKind::HelloAnswered;
            event.minor = hello.minor_version();
            event.oldestMinor = hello.oldest_minor_version();
            hello_ = std::move(hello);
            raise(std::move(event));
        },
        handshake);
}

void Connection::resume()
{
    wire::ResumeRequest request;
    request.set_resume_token(resumeToken_);
    rpc_.call<wire::ResumeRequest, wire::AuthenticateResponse>(
        wire::RESUME, request,
        [this, channel = channel_](Result<wire::AuthenticateResponse> answer) {
            if (channel != channel_)
                return;
            if (answer.ok())
                return authenticated(std::move(answer).value());
            resumeToken_.clear(); // Expired, or of a server before its restart: prove who we are again.
            authenticate();
        },
        handshake);
}

void Connection::authenticate()
{
    const Credentials& self = *settings_.credentials;
    Result<Bytes> signature = self.sign(*hello_);
    if (!signature.ok())
        return raise(ConnectionEventKind::HandshakeFailed, signature.error().detail);
    wire::AuthenticateRequest request;
    request.set_user_id(self.user.bytes());
    request.set_device_id(self.device.bytes());
    request.set_incarnation(self.incarnation);
    request.set_signature(std::move(signature).value());
    rpc_.call<wire::AuthenticateRequest, wire::AuthenticateResponse>(
        wire::AUTHENTICATE, request,
        [this, channel = channel_](Result<wire::AuthenticateResponse> answer) {
            if (channel != channel_)
                return;
            if (!answer.ok())
                return refused(answer.error());
            authenticated(std::move(answer).value());
        },
        handshake);
}

void Connection::authenticated(wire::AuthenticateResponse answer)
{
    serverTime_.learn(answer.server_time_ms(), ports_.clock.mono());
    resumeToken_ = answer.resume_token();
    session_ = std::move(answer);
    raise(ConnectionEventKind::Authenticated);
}

void Connection::refused(const Error& error)
{
    using wire::WireCode;
    const bool final = error.is(WireCode::Denied) || error.is(WireCode::Unauthenticated) ||
                       error.is(WireCode::NotFound) || error.is(WireCode::Conflict);
    // In Hello nobody was named yet, so nobody can have been refused for good.
    if (final && hello_)
        return raise(ConnectionEventKind::Denied, error.detail);
    ConnectionEvent event;
    event.kind = ConnectionEventKind::HandshakeFailed;
    event.words = error.detail;
    event.retryAfter = error.retryAfter;
    raise(std::move(event));
}

void Connection::ping()
{
    rpc_.call<wire::PingRequest, wire::PingResponse>(
        wire::PING, {},
        [this, channel = channel_, number = ++lastPing_](const Result<wire::PingResponse>& answer) {
            if (channel != channel_)
                return;
            if (answer.ok())
                serverTime_.learn(answer.value().server_time_ms(), ports_.clock.mono());
            // The answer to an earlier one may have lain in a buffer; it says nothing about now.
            if (number == lastPing_)
                raise(ConnectionEventKind::PingAnswered);
        },
        handshake);
}

void Connection::schedule()
{
    std::optional<MonoTime> due = model_.wakeAt;
    if (const auto deadline = rpc_.nextDeadline(); due && deadline)
        due = std::min(*due, *deadline);
    if (!due) {
        timer_.reset();
        return;
    }
    // A timer that fires early only ticks for nothing; re-arming one at every frame would cost more.
    if (timer_ && timerDue_ <= *due)
        return;
    timerDue_ = *due;
    timer_ = ports_.timers.after(std::max(*due - ports_.clock.mono(), Millis{0}), [this] {
        timerDue_ = MonoTime::max();
        rpc_.tick();
        raise(ConnectionEventKind::Tick);
    });
}

void Connection::announce()
{
    ConnectionFact fact = factOf(model_);
    if (fact == fact_)
        return;
    fact_ = std::move(fact);
    for (std::size_t i = 0; i < changed_.size(); ++i)
        changed_[i](fact_);
}

} // namespace kith::net
