#include "core/net/Connection.h"

#include "core/base/KeyVault.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/base/VirtualTime.h"
#include "tests/support/net/ScriptedServer.h"

#include <QTest>

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace
{

constexpr std::int64_t serverMs = 1'900'000'000'000;

/// A device, its server as the test plays it, and everything that was announced.
class Dialogue
{
public:
    explicit Dialogue(const std::string& address = "chat.example", bool registered = true)
        : connection(settings(address, registered), {transport, clock, random, time, time})
    {
        connection.onChanged([this](const ConnectionFact& fact) {
            if (states.empty() || states.back() != fact.state)
                states.push_back(fact.state);
        });
        connection.onReady([this](const wire::AuthenticateResponse& answer) {
            ready.push_back(answer.account_log());
            QCOMPARE(connection.fact().state, ConnectionState::CatchingUp);
        });
    }

    ConnectionSettings settings(const std::string& address, bool registered)
    {
        ConnectionSettings out;
        out.address = ServerAddress::parse(address).value();
        out.pins.serverKey = Bytes(32, 'p');
        if (registered)
            out.credentials = Credentials{random.id<UserId>(), random.id<DeviceId>(), Bytes(16, 'i'),
                                          [this](const wire::HelloResponse& hello) -> Result<Bytes> {
                                              signedChallenge = hello.challenge();
                                              return Bytes(64, 'S');
                                          }};
        return out;
    }
    static wire::AuthenticateResponse welcome(const std::string& token = "token")
    {
        wire::AuthenticateResponse answer;
        answer.set_server_time_ms(serverMs);
        answer.set_resume_token(token);
        answer.set_account_log(Bytes(16, 'l'));
        return answer;
    }
    bool greet()
    {
        return transport.serverOpens() && server.hear<wire::HelloRequest>(wire::HELLO) &&
               server.answer(test::ScriptedServer::hello(serverMs));
    }
    bool goOnline()
    {
        connection.start();
        return greet() && server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE) && server.answer(welcome()) &&
               (connection.caughtUp(), connection.fact().state == ConnectionState::Online);
    }
    /// The client gave up the channel and tried again, perhaps after a wait.
    bool retries(Millis within = 1'500ms)
    {
        const int before = transport.opens();
        time.pass(within);
        return transport.opens() > before || transport.opening();
    }
    void goodbye(wire::Goodbye::Reason reason, std::uint32_t retryMs, bool resume = true)
    {
        wire::Goodbye goodbye;
        goodbye.set_reason(reason);
        goodbye.set_retry_after_ms(retryMs);
        goodbye.set_resume(resume);
        server.tell(wire::GOODBYE, goodbye);
    }

    test::FakeClock clock;
    test::VirtualTime time{clock};
    test::SeededRandom random;
    test::ScriptedTransport transport;
    test::ScriptedServer server{transport};
    Bytes signedChallenge;
    Connection connection;
    std::vector<ConnectionState> states;
    std::vector<Bytes> ready;
};

} // namespace

class ConnectionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theWholeHandshake()
    {
        Dialogue d;
        d.connection.start();
        QCOMPARE(d.transport.address().host, std::string("chat.example"));
        QCOMPARE(d.transport.pins().serverKey, std::optional(Bytes(32, 'p')));
        QVERIFY(d.transport.silence());
        QVERIFY(d.transport.serverOpens());
        const auto hello = d.server.hear<wire::HelloRequest>(wire::HELLO);
        QVERIFY(hello && hello->minor_version() == 1U);
        QVERIFY(d.transport.silence()); // nothing before the server has greeted
        QVERIFY(d.server.answer(test::ScriptedServer::hello(serverMs)));
        const auto proof = d.server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE);
        QVERIFY(proof && proof->signature() == Bytes(64, 'S') && proof->user_id().size() == 16);
        QCOMPARE(d.signedChallenge, Bytes(32, 'c'));
        QVERIFY(d.ready.empty());
        QVERIFY(d.server.answer(Dialogue::welcome()));
        QCOMPARE(d.ready, std::vector<Bytes>{Bytes(16, 'l')});
        d.connection.caughtUp();
        QCOMPARE(d.states, (std::vector<ConnectionState>{ConnectionState::Connecting, ConnectionState::CatchingUp,
                                                         ConnectionState::Online}));
        QVERIFY(d.transport.silence());
        QCOMPARE(toMillis(*d.connection.serverTime()), serverMs);
    }
    void callsGoOnlyWhenAuthenticated()
    {
        Dialogue d;
        d.connection.start();
        QVERIFY(d.greet());
        int failed = 0;
        const auto call = [&] {
            d.connection.call<wire::SyncRequest, wire::SyncResponse>(
                wire::SYNC, {}, [&](const Result<wire::SyncResponse>& answer) { failed += answer.ok() ? 0 : 1; });
        };
        call();
        d.time.settle();
        QCOMPARE(failed, 1);
        QVERIFY(d.server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE));
        QVERIFY(d.server.answer(Dialogue::welcome()));
        call();
        QVERIFY(d.server.hear<wire::SyncRequest>(wire::SYNC));
        QVERIFY(d.transport.serverCloses());
        QCOMPARE(failed, 2);
    }
    void whoIsNotRegisteredStaysAfterHello()
    {
        Dialogue d("chat.example", false);
        d.connection.start();
        QVERIFY(d.greet());
        QCOMPARE(d.connection.fact().state, ConnectionState::Online);
        QVERIFY(d.ready.empty());
        QCOMPARE(d.connection.hello()->challenge(), Bytes(32, 'c'));
        d.connection.call<wire::RegisterRequest, wire::RegisterResponse>(wire::REGISTER, {}, [](const auto&) {});
        QVERIFY(d.server.hear<wire::RegisterRequest>(wire::REGISTER));
    }
    void theNextChannelResumes()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        QVERIFY(d.transport.serverCloses());
        QVERIFY(d.retries());
        QVERIFY(d.greet());
        const auto resume = d.server.hear<wire::ResumeRequest>(wire::RESUME);
        QVERIFY(resume && resume->resume_token() == "token");
        QVERIFY(d.server.answer(Dialogue::welcome("next")));
        QCOMPARE(d.connection.fact().state, ConnectionState::CatchingUp);
        QCOMPARE(d.ready.size(), 2U);
    }
    void aRefusedResumeAuthenticatesOnTheSameChannel()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        QVERIFY(d.transport.serverCloses());
        QVERIFY(d.retries());
        const int opens = d.transport.opens();
        QVERIFY(d.greet());
        QVERIFY(d.server.hear<wire::ResumeRequest>(wire::RESUME));
        QVERIFY(d.server.refuse(wire::WireCode::Unauthenticated, "expired"));
        QVERIFY(d.server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE));
        QVERIFY(d.server.answer(Dialogue::welcome()));
        QCOMPARE(d.transport.opens(), opens);
        QCOMPARE(d.connection.fact().state, ConnectionState::CatchingUp);
    }
    void aRevokedDeviceStops()
    {
        Dialogue d;
        d.connection.start();
        QVERIFY(d.greet());
        QVERIFY(d.server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE));
        QVERIFY(d.server.refuse(wire::WireCode::Denied, "this device was unlinked"));
        QCOMPARE(d.connection.fact().state, ConnectionState::Revoked);
        QVERIFY(d.connection.fact().words.find("unlinked") != std::string::npos);
        d.time.pass(10min);
        d.connection.lookedAt();
        QCOMPARE(d.transport.opens(), 1);
    }
    void aBusyServerIsAskedAgainWhenItSaid()
    {
        Dialogue d;
        d.connection.start();
        QVERIFY(d.greet());
        QVERIFY(d.server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE));
        QVERIFY(d.server.refuse(wire::WireCode::RateLimited, "slower", 4s));
        QCOMPARE(d.connection.fact().state, ConnectionState::Unreachable);
        d.time.pass(3'999ms);
        QCOMPARE(d.transport.opens(), 1);
        QVERIFY(d.retries(1'502ms));
    }
    void aNewerServerIsNamed()
    {
        Dialogue d;
        d.connection.start();
        QVERIFY(d.transport.serverOpens());
        QVERIFY(d.server.hear<wire::HelloRequest>(wire::HELLO));
        wire::HelloResponse hello = test::ScriptedServer::hello();
        hello.set_minor_version(9);
        hello.set_oldest_minor_version(9);
        QVERIFY(d.server.answer(hello));
        QCOMPARE(d.connection.fact().state, ConnectionState::NewerProtocol);
        QVERIFY(!d.transport.isOpen());
    }
    void heartbeatsKeepAQuietConnection()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        for (int i = 0; i < 20; ++i) {
            d.time.pass(25s);
            QVERIFY(d.server.hear<wire::PingRequest>(wire::PING));
            wire::PingResponse pong;
            pong.set_server_time_ms(serverMs + (i + 1) * 25'000);
            QVERIFY(d.server.answer(pong));
            QVERIFY(d.transport.silence());
        }
        QCOMPARE(d.connection.fact().state, ConnectionState::Online);
        QCOMPARE(d.transport.opens(), 1);
        QCOMPARE(toMillis(*d.connection.serverTime()), serverMs + 500'000);
    }
    void aDeafServerIsFoundWithin35Seconds()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        int failed = 0;
        d.connection.call<wire::AckRequest, wire::AckResponse>(
            wire::ACK, {}, [&](const Result<wire::AckResponse>& answer) { failed += answer.ok() ? 0 : 1; },
            CallOptions{std::nullopt});
        d.time.pass(35s);
        QCOMPARE(d.connection.fact().state, ConnectionState::Unreachable);
        QCOMPARE(failed, 1);
        QVERIFY(!d.transport.closes().empty());
        QCOMPARE(d.transport.closes().front(), CloseCode::Deaf);
    }
    void sixtySecondsOfSigstopAreOverInFive()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        d.time.pass(1s);
        d.time.freeze(60s);
        QVERIFY(d.server.hear<wire::PingRequest>(wire::PING)); // at once, with a short deadline
        d.time.pass(2s);
        QVERIFY(d.transport.opening());
        QVERIFY(d.greet());
        QVERIFY(d.server.hear<wire::ResumeRequest>(wire::RESUME));
        QVERIFY(d.server.answer(Dialogue::welcome()));
        d.connection.caughtUp();
        QCOMPARE(d.connection.fact().state, ConnectionState::Online);
        QCOMPARE(d.transport.opens(), 2);
    }
    void anOldPingsAnswerProvesNothing()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        d.time.pass(25s);
        QVERIFY(d.server.hear<wire::PingRequest>(wire::PING));
        const std::uint64_t old = d.server.lastId();
        d.time.freeze(60s);
        QVERIFY(d.server.hear<wire::PingRequest>(wire::PING));
        QVERIFY(d.server.answerTo(old, wire::PING, wire::PingResponse())); // had lain in the kernel
        d.time.pass(2s);
        QVERIFY(d.transport.opening());
    }
    void garbageEndsTheChannelInWords()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        QVERIFY(d.transport.serverSays("\xff\xff\xff"));
        QCOMPARE(d.transport.closes().back(), CloseCode::Protocol);
        QCOMPARE(d.connection.fact().state, ConnectionState::Unreachable);
        QVERIFY(!d.connection.fact().words.empty());
        QVERIFY(d.retries());
    }
    void aGreetingWithoutChallengeIsRefused()
    {
        Dialogue d;
        d.connection.start();
        QVERIFY(d.transport.serverOpens());
        QVERIFY(d.server.hear<wire::HelloRequest>(wire::HELLO));
        wire::HelloResponse hello = test::ScriptedServer::hello();
        hello.set_challenge("short");
        QVERIFY(d.server.answer(hello));
        QCOMPARE(d.transport.closes().back(), CloseCode::Protocol);
        QVERIFY(d.signedChallenge.empty());
    }
    void aRestartIsAnnouncedAndLeft()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        d.goodbye(wire::Goodbye::RESTARTING, 2000);
        QCOMPARE(d.connection.fact().state, ConnectionState::Restarting);
        QVERIFY(d.connection.fact().retryAt >= d.clock.mono() + 2s);
        QVERIFY(d.retries(3'502ms));
        QCOMPARE(d.connection.fact().state, ConnectionState::Restarting);
        QVERIFY(d.greet());
        QVERIFY(d.server.hear<wire::ResumeRequest>(wire::RESUME));
        QVERIFY(d.server.answer(Dialogue::welcome()));
        QCOMPARE(d.connection.fact().state, ConnectionState::CatchingUp);
    }
    void aGoodbyeWithoutResumeForgetsTheToken()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        d.goodbye(wire::Goodbye::IDLE, 0, false);
        QVERIFY(d.retries());
        QVERIFY(d.greet());
        QVERIFY(d.server.hear<wire::AuthenticateRequest>(wire::AUTHENTICATE));
    }
    void hintsOfTheNetworkAreForOtherMachines()
    {
        Dialogue remote;
        QVERIFY(remote.goOnline());
        remote.connection.networkDown();
        QVERIFY(remote.server.hear<wire::PingRequest>(wire::PING));
        remote.time.pass(2s);
        QCOMPARE(remote.connection.fact().state, ConnectionState::Offline);

        Dialogue local("127.0.0.1");
        QVERIFY(local.goOnline());
        local.connection.networkDown();
        QVERIFY(local.transport.silence());
    }
    void aKeyThatCannotSignIsNotARevocation()
    {
        Dialogue d;
        ConnectionSettings settings = d.settings("chat.example", true);
        settings.credentials->sign = [](const wire::HelloResponse&) -> Result<Bytes> {
            return Error::make(KeyVaultError::Unavailable, "the keychain is locked");
        };
        Connection connection(std::move(settings), {d.transport, d.clock, d.random, d.time, d.time});
        connection.start();
        QVERIFY(d.greet());
        QCOMPARE(connection.fact().state, ConnectionState::Unreachable);
        QVERIFY(connection.fact().words.find("keychain") != std::string::npos);
    }
    void stoppingFailsCallsAndTellsTheServer()
    {
        Dialogue d;
        QVERIFY(d.goOnline());
        int failed = 0;
        d.connection.call<wire::SyncRequest, wire::SyncResponse>(
            wire::SYNC, {}, [&](const Result<wire::SyncResponse>& answer) { failed += answer.ok() ? 0 : 1; });
        d.connection.stop();
        QCOMPARE(failed, 1);
        QCOMPARE(d.connection.fact().state, ConnectionState::Stopped);
        QCOMPARE(d.transport.closes(), std::vector<CloseCode>{CloseCode::Normal});
        d.time.pass(5min);
        QCOMPARE(d.transport.opens(), 1);
        d.connection.start();
        QCOMPARE(d.transport.opens(), 2);
    }
    void aListenerMayStopTheConnection()
    {
        Dialogue d;
        d.connection.onChanged([&](const ConnectionFact& fact) {
            if (fact.state == ConnectionState::CertificateProblem)
                d.connection.stop();
        });
        d.connection.start();
        TransportError error;
        error.kind = TransportFailure::PinMismatch;
        error.pinned = Bytes(32, 'a');
        error.presented = Bytes(32, 'b');
        QVERIFY(d.transport.fails(error));
        QCOMPARE(d.states,
                 (std::vector<ConnectionState>{ConnectionState::Connecting, ConnectionState::CertificateProblem,
                                               ConnectionState::Stopped}));
    }
};

QTEST_APPLESS_MAIN(ConnectionTest)
#include "ConnectionTest.moc"
