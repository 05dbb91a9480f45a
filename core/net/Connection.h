#pragma once
/// One device's connection to its server, kept alive: carries out what ConnectionMachine decides over a Transport,
/// makes the handshake (Hello, then Resume or Authenticate), answers for heartbeats and hands calls and events through.
/// Owned by core/session. Thread: the engine thread alone. Nothing here reads a clock, a socket or a timer of its own,
/// so the simulation runs it in virtual time.
///
/// Order of facts on every new channel: state CatchingUp, then `ready`. The owner of the log states its cursors and,
/// when nothing is missing, calls caughtUp(): state Online. When the channel breaks, all pending calls fail first, then
/// the state changes. A late answer of an earlier channel never arrives.

#include "core/base/Random.h"
#include "core/base/Timers.h"
#include "core/net/ConnectionMachine.h"
#include "core/net/RpcClient.h"
#include "core/net/ServerTime.h"

#include <vector>

namespace kith::net
{

/// Who the device is. The keys stay with the caller.
struct Credentials {
    UserId user;
    DeviceId device;
    Bytes incarnation; ///< 16 octets, of the device certificate.
    /// Signs "kith authenticate v1" over the hello's server id and challenge, the user and the device.
    std::function<Result<Bytes>(const wire::HelloResponse& hello)> sign;
};

struct ConnectionSettings {
    ServerAddress address;
    Pins pins;
    std::optional<Credentials> credentials; ///< None: stay after Hello, Online at once; for registration.
    std::string program = "kith";           ///< Name and version, told in Hello.
};

/// References must outlive the connection.
struct ConnectionPorts {
    Transport& transport;
    const Clock& clock;
    Random& random; ///< For back-off.
    Timers& timers;
    Executor& executor;
};

class Connection
{
public:
    Connection(ConnectionSettings settings, ConnectionPorts ports);
    /// Closes; what is pending is forgotten, its completions do not run.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start();
    /// Closes in good order; pending calls fail.
    void stop();

    /// Calls before the state is CatchingUp or Online fail with wire/unavailable, remedy Retry.
    template <class Request, class Response>
    void call(wire::Method method, const Request& request, RpcClient::Done<Response> done, CallOptions options = {})
    {
        rpc_.call<Request, Response>(method, request, std::move(done), options);
    }

    [[nodiscard]] const ConnectionFact& fact() const { return fact_; }
    /// Every change, in order, to every listener; a listener may call back in.
    void onChanged(std::function<void(const ConnectionFact&)> listener);
    /// A channel is authenticated and may be used. With the answer of Authenticate or Resume.
    void onReady(std::function<void(const wire::AuthenticateResponse&)> listener) { ready_ = std::move(listener); }
    /// Replaces the receivers of the server's events; `goodbye` is told after Connection acted on it.
    void onEvents(ServerEvents events);

    /// core/sync holds everything that the heads promised.
    void caughtUp();
    /// The owner learnt that this device is none of the account's any more (a clone): state Revoked.
    void deny(const std::string& words);
    /// What the server sent cannot be taken: the channel is dropped, and tried again with back-off.
    void breakProtocol(const std::string& words) { raise(ConnectionEventKind::ProtocolBroken, words); }
    /// The server serves, but not this device at present: the channel is given up and tried again after `wait`.
    void notNow(const std::string& words, Millis wait);
    /// Hints from the platform; each may be wrong or repeated. Ignored for a loopback server where they say "down".
    void networkUp();
    void networkDown();
    void lookedAt();
    void woke();

    /// The server's Hello of this channel; nullopt while none was answered.
    [[nodiscard]] const std::optional<wire::HelloResponse>& hello() const { return hello_; }
    [[nodiscard]] std::optional<WallTime> serverTime() const { return serverTime_.at(ports_.clock.mono()); }
    [[nodiscard]] const RpcCounters& counters() const { return rpc_.counters(); }

private:
    void raise(ConnectionEvent event);
    void raise(ConnectionEventKind kind, std::string words = {});
    void handle(const ConnectionEvent& event);
    void carryOut(ConnectionAction action);
    void drop(CloseCode code);
    void sendHello();
    void resume();
    void authenticate();
    void authenticated(wire::AuthenticateResponse answer);
    void refused(const Error& error);
    void ping();
    void schedule();
    void announce();

    ConnectionSettings settings_;
    ConnectionPorts ports_;
    ConnectionModel model_;
    ConnectionFact fact_;
    RpcClient rpc_;
    ServerEvents events_;
    ServerTime serverTime_;
    std::optional<wire::HelloResponse> hello_;
    wire::AuthenticateResponse session_; ///< Of the present channel.
    Bytes resumeToken_;
    std::vector<std::function<void(const ConnectionFact&)>> changed_;
    std::function<void(const wire::AuthenticateResponse&)> ready_;
    std::uint64_t channel_ = 0;  ///< Rises when a channel is dropped: what belonged to it is stale.
    std::uint64_t lastPing_ = 0; ///< Number of the latest Ping.
    std::unique_ptr<Timer> timer_;
    MonoTime timerDue_ = MonoTime::max();
    std::vector<ConnectionEvent> backlog_; ///< Raised while an event was being handled.
    bool handling_ = false;
};

} // namespace kith::net
