#include "server/gateway/Gateway.h"

#include "core/base/Clock.h"
#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/WireError.h"
#include "server/gateway/EpollDispatcher.h"
#include "server/gateway/RemoteAddress.h"
#include "server/gateway/ServerCertificate.h"
#include "server/gateway/ThreadExecutor.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

#include <map>

using namespace kith;
using namespace kith::server;

namespace
{

/// Sends back what comes; a few frames ask for something else.
class Echo final : public PeerEvents
{
public:
    void opened(ConnectionId id, std::shared_ptr<PeerSink> sink, Bytes address) override
    {
        const std::scoped_lock lock(mutex);
        lastAddress = address;
        ++opens;
        sinks[id] = std::move(sink);
    }
    void frame(ConnectionId id, Bytes bytes) override
    {
        const std::scoped_lock lock(mutex);
        ++frames;
        PeerSink& sink = *sinks.at(id);
        if (bytes == "sign in")
            sink.signedIn();
        if (bytes == "bye")
            sink.close();
        if (bytes == "pause")
            sink.setReading(false);
        if (bytes.starts_with("flood")) {
            for (int i = 0; i < 256; ++i)
                sink.sendFrame(Bytes(64U << 10, 'f'));
            sink.notifyBelow(256U << 10);
            return;
        }
        sink.sendFrame(std::move(bytes));
    }
    void writable(ConnectionId id) override
    {
        const std::scoped_lock lock(mutex);
        ++writables;
        unsentWhenWritable = sinks.at(id)->unsent();
    }
    void gone(ConnectionId id) override
    {
        const std::scoped_lock lock(mutex);
        gones += static_cast<int>(sinks.erase(id));
    }
    template <class Value> Value read(const Value& value)
    {
        const std::scoped_lock lock(mutex);
        return value;
    }

    std::mutex mutex;
    std::map<ConnectionId, std::shared_ptr<PeerSink>> sinks;
    int opens = 0;
    int frames = 0;
    int writables = 0;
    int gones = 0;
    std::size_t unsentWhenWritable = 0;
    Bytes lastAddress;
};

/// A gateway with two loops and two strands, all echoing.
struct Server {
    explicit Server(bool tls, const std::function<void(GatewayOptions&)>& change = {})
    {
        GatewayOptions options;
        options.loops = 2;
        options.strands = 2;
        if (tls) {
            auto made = loadOrCreateCertificate(dir.path().toStdString(), {"127.0.0.1"}, clock.wall());
            fingerprint = made->keyFingerprint;
            QSslConfiguration configuration;
            configuration.setLocalCertificate(made->certificate);
            configuration.setPrivateKey(made->key);
            configuration.setProtocol(QSsl::TlsV1_2OrLater);
            options.tls = configuration;
        }
        if (change)
            change(options);
        gateway =
            std::make_unique<Gateway>(options, std::vector<Strand>{{&first, &echo}, {&second, &echo}}, clock, budget);
        const auto opened = gateway->listen("127.0.0.1", 0);
        if (!opened.ok())
            qFatal("%s", opened.error().detail.c_str());
        port = *opened;
    }
    ~Server()
    {
        gateway->stop();
        first.stop();
        second.stop();
    }
    QTemporaryDir dir;
    SystemClock clock;
    Echo echo;
    DeliveryBudget budget{256U << 20};
    ThreadExecutor first;
    ThreadExecutor second;
    std::unique_ptr<Gateway> gateway;
    std::uint16_t port = 0;
    Bytes fingerprint;
};

const QByteArray upgrade = "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           "Sec-WebSocket-Protocol: kith.v1\r\n\r\n";
/// A masked binary message "ping" (RFC 6455 section 5.2), mask zero.
const QByteArray pingFrame = QByteArray::fromHex("82840000000070696e67");
const QByteArray pingAnswer = QByteArray::fromHex("820470696e67");

/// A bare client: what a hostile or slow program would send.
struct Raw {
    explicit Raw(const Server& server, bool tls = false) : socket(tls ? new QSslSocket : new QTcpSocket)
    {
        if (auto* secure = qobject_cast<QSslSocket*>(socket.get())) {
            secure->setPeerVerifyMode(QSslSocket::VerifyNone);
            secure->connectToHostEncrypted(QStringLiteral("127.0.0.1"), server.port);
            [&] { QTRY_VERIFY(secure->isEncrypted()); }(); // no waitFor*(): our loop is also the acceptor's
        } else {
            socket->connectToHost(QStringLiteral("127.0.0.1"), server.port);
            [&] { QTRY_COMPARE(socket->state(), QAbstractSocket::ConnectedState); }();
        }
    }
    void send(const QByteArray& bytes) const
    {
        socket->write(bytes);
        socket->flush();
    }
    /// Everything received once it contains `end`, or the connection is over.
    QByteArray until(const QByteArray& end)
    {
        [&] {
            QTRY_VERIFY2(collect().contains(end) || socket->state() != QAbstractSocket::ConnectedState, received);
        }();
        return collect();
    }
    const QByteArray& collect() { return received += socket->readAll(); }

    std::unique_ptr<QTcpSocket> socket;
    QByteArray received;
};

void openWebSocket(QWebSocket& client, const Server& server, const QString& protocol = QStringLiteral("kith.v1"))
{
    QWebSocketHandshakeOptions options;
    if (!protocol.isEmpty())
        options.setSubprotocols({protocol});
    QObject::connect(&client, &QWebSocket::sslErrors, &client, [&client] { client.ignoreSslErrors(); });
    const QString scheme = server.fingerprint.empty() ? QStringLiteral("ws") : QStringLiteral("wss");
    client.open(QUrl(QStringLiteral("%1://127.0.0.1:%2/v1/ws").arg(scheme).arg(server.port)), options);
}

} // namespace

class GatewayTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void echoes_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("plain") << false;
        QTest::newRow("TLS") << true;
    }
    void echoes()
    {
        QFETCH(bool, tls);
        Server server(tls);
        QWebSocket client;
        QList<QByteArray> answers;
        connect(&client, &QWebSocket::binaryMessageReceived, this, [&](const QByteArray& got) { answers.append(got); });
        openWebSocket(client, server);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        QCOMPARE(client.subprotocol(), QStringLiteral("kith.v1"));
        if (tls)
            QCOMPARE(keyFingerprint(client.sslConfiguration().peerCertificate()), server.fingerprint);
        for (int i = 0; i < 50; ++i)
            client.sendBinaryMessage(QByteArray::number(i));
        QTRY_COMPARE(answers.size(), 50);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(answers[i], QByteArray::number(i)); // order kept through loop and strand
        QCOMPARE(server.echo.read(server.echo.lastAddress), Bytes("127.0.0.1"));
        client.close();
        QTRY_COMPARE(server.echo.read(server.echo.gones), 1);
    }
    void headOneByteAtATime_data() { echoes_data(); }
    void headOneByteAtATime()
    {
        QFETCH(bool, tls);
        Server server(tls);
        Raw client(server, tls);
        for (const char byte : upgrade) {
            client.send(QByteArray(1, byte));
            QCoreApplication::processEvents();
        }
        QVERIFY(client.until("\r\n\r\n").startsWith("HTTP/1.1 101 "));
        client.send(pingFrame);
        QVERIFY(client.until(pingAnswer).endsWith(pingAnswer));
    }
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<QByteArray>("status");
        QTest::newRow("9 KiB of head") << "GET /v1/ws HTTP/1.1\r\nX: " + QByteArray(9 << 10, 'x') << QByteArray("431");
        QTest::newRow("no HTTP") << QByteArray("EHLO mail\r\n\r\n") << QByteArray("400");
        QTest::newRow("elsewhere") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("404");
        QTest::newRow("no upgrade") << QByteArray("GET /v1/ws HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("426");
        QTest::newRow("frames too early") << upgrade + pingFrame << QByteArray("400");
        QTest::newRow("wrong method") << QByteArray("PUT /v1/ws HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("405");
    }
    void refuses()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, status);
        for (const bool tls : {false, true}) {
            Server server(tls, [](GatewayOptions& options) { options.closeTimeout = Millis{200}; });
            Raw client(server, tls);
            client.send(request);
            const QByteArray answer = client.until(".\n");
            QVERIFY2(answer.startsWith("HTTP/1.1 " + status), answer);
            QTRY_COMPARE(client.socket->state(), QAbstractSocket::UnconnectedState); // and closes
        }
    }
    void unknownCallIsAnsweredInProtobuf()
    {
        Server server(false);
        Raw client(server);
        client.send("POST /v1/Session/Hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        const QByteArray answer = client.until("WebSocket");
        QVERIFY(answer.startsWith("HTTP/1.1 404 "));
        wire::CallError error;
        QVERIFY(error.ParseFromString(answer.mid(answer.indexOf("\r\n\r\n") + 4).toStdString()));
        QCOMPARE(error.code(), wire::NOT_FOUND);
        QVERIFY(error.detail().find("/v1/ws") != std::string::npos);
    }
    void stalledHeadIsGivenUp()
    {
        Server server(false, [](GatewayOptions& options) { options.headTimeout = Millis{150}; });
        Raw client(server);
        client.send(upgrade.left(40));
        QVERIFY(client.until(".\n").startsWith("HTTP/1.1 408 "));
    }
    void stalledTlsHandshakeIsGivenUp()
    {
        Server server(true, [](GatewayOptions& options) { options.headTimeout = Millis{150}; });
        Raw client(server, false); // connects and never says hello
        QTRY_COMPARE(client.socket->state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(server.gateway->connections(), 0U);
    }
    void wrongSubprotocolIsRefused()
    {
        Server server(false, [](GatewayOptions& options) { options.closeTimeout = Millis{100}; });
        QWebSocket client;
        openWebSocket(client, server, QStringLiteral("kith.v9"));
        QTRY_VERIFY(client.error() != QAbstractSocket::UnknownSocketError);
        QVERIFY(client.state() != QAbstractSocket::ConnectedState);
        QCOMPARE(server.echo.read(server.echo.opens), 0);
    }
    void largeFramesOnlyAfterSigningIn()
    {
        Server server(false);
        const QByteArray large(1 << 20, 'l');
        for (const quint64 fragment : {quint64(large.size()), quint64{16} << 10}) { // whole, and piece by piece
            QWebSocket stranger;
            stranger.setOutgoingFrameSize(fragment);
            openWebSocket(stranger, server);
            QTRY_COMPARE(stranger.state(), QAbstractSocket::ConnectedState);
            stranger.sendBinaryMessage(large);
            QTRY_COMPARE(stranger.state(), QAbstractSocket::UnconnectedState);
            QCOMPARE(server.echo.read(server.echo.frames), 0);
        }

        QWebSocket known;
        QList<QByteArray> answers;
        connect(&known, &QWebSocket::binaryMessageReceived, this, [&](const QByteArray& got) { answers.append(got); });
        openWebSocket(known, server);
        QTRY_COMPARE(known.state(), QAbstractSocket::ConnectedState);
        known.sendBinaryMessage("sign in");
        QTRY_COMPARE(answers.size(), 1);
        known.sendBinaryMessage(large);
        QTRY_COMPARE(answers.size(), 2);
        QCOMPARE(answers[1], large);
        known.sendBinaryMessage(QByteArray(3 << 20, 'x')); // over maxFrame
        QTRY_COMPARE(known.state(), QAbstractSocket::UnconnectedState);
    }
    void textIsNoFrame()
    {
        Server server(false);
        QWebSocket client;
        openWebSocket(client, server);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        client.sendTextMessage(QStringLiteral("hello"));
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(client.closeCode(), QWebSocketProtocol::CloseCodeDatatypeNotSupported);
    }
    void closesAfterWhatWasSent()
    {
        Server server(false);
        QWebSocket client;
        QList<QByteArray> answers;
        connect(&client, &QWebSocket::binaryMessageReceived, this, [&](const QByteArray& got) { answers.append(got); });
        openWebSocket(client, server);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        client.sendBinaryMessage("one");
        client.sendBinaryMessage("bye");
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(answers, QList<QByteArray>({"one"}));
        QTRY_COMPARE(server.echo.read(server.echo.gones), 1);
    }
    /// 16 MiB for a reader that does not read: they wait outside the socket, are counted, and leave when it reads.
    void slowReaderIsCountedAndToldWhenWritable()
    {
        Server server(false);
        Raw client(server);
        client.socket->setReadBufferSize(1024);
        client.send(upgrade);
        QTRY_VERIFY(client.socket->bytesAvailable() > 0);
        client.send(QByteArray::fromHex("828500000000") + "flood");
        QTRY_VERIFY(server.budget.used() > (1 << 20));
        QCOMPARE(server.echo.read(server.echo.writables), 0);
        client.socket->setReadBufferSize(0);
        QTRY_VERIFY(client.collect().size() > (256 << 16));
        QTRY_COMPARE(server.echo.read(server.echo.writables), 1);
        QTRY_COMPARE(server.budget.used(), 0);
    }
    /// Back-pressure: what a client sends while nothing is read stays with it, and comes in order afterwards.
    void nothingIsReadWhilePaused_data() { echoes_data(); }
    void nothingIsReadWhilePaused()
    {
        QFETCH(bool, tls);
        Server server(tls);
        QWebSocket client;
        QList<QByteArray> answers;
        connect(&client, &QWebSocket::binaryMessageReceived, this, [&](const QByteArray& got) { answers.append(got); });
        openWebSocket(client, server);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        client.sendBinaryMessage("pause");
        QTRY_COMPARE(answers.size(), 1);
        const QByteArray large(60'000, 'l');
        constexpr int count = 400; // 24 MB: more than sockets hold
        for (int i = 0; i < count; ++i)
            client.sendBinaryMessage(large);
        QTest::qWait(200);
        QVERIFY(server.echo.read(server.echo.frames) < count);
        {
            const std::scoped_lock lock(server.echo.mutex);
            server.echo.sinks.begin()->second->setReading(true);
        }
        QTRY_COMPARE_WITH_TIMEOUT(answers.size(), count + 1, 30'000);
    }
    void tooManyConnectionsAreTurnedAway()
    {
        Server server(false, [](GatewayOptions& options) {
            options.connections.all = 2;
            options.connections.refusedAtOnce = 0;
        });
        Raw one(server);
        Raw two(server);
        QTRY_COMPARE(server.gateway->connections(), 2U);
        QTcpSocket three;
        QSignalSpy closed(&three, &QTcpSocket::disconnected);
        three.connectToHost(QStringLiteral("127.0.0.1"), server.port);
        QTRY_COMPARE(closed.size(), 1);
        one.send(upgrade);
        QVERIFY(one.until("\r\n\r\n").startsWith("HTTP/1.1 101 "));
    }
    void whoFindsNoPlaceHearsWhenToComeBack_data() { echoes_data(); }
    void whoFindsNoPlaceHearsWhenToComeBack()
    {
        QFETCH(bool, tls);
        Server server(tls, [](GatewayOptions& options) {
            options.limitLoopback = true;
            options.connections.unknownOfAddress = 2;
            options.closeTimeout = Millis{200};
        });
        QWebSocket known;
        QWebSocket unknown;
        for (QWebSocket* client : {&known, &unknown}) {
            openWebSocket(*client, server);
            QTRY_COMPARE(client->state(), QAbstractSocket::ConnectedState);
        }
        QTRY_COMPARE(server.echo.read(server.echo.opens), 2);
        const QByteArray hello = QByteArray::fromStdString(
            wire::encodeFrame(wire::REQUEST, wire::HELLO, 7, wire::HelloRequest().SerializeAsString()));
        const auto answerTo = [&](QWebSocket& client) {
            QByteArray answer;
            connect(&client, &QWebSocket::connected, &client, [&client, &hello] { client.sendBinaryMessage(hello); });
            connect(&client, &QWebSocket::binaryMessageReceived, this,
                    [&answer](const QByteArray& got) { answer = got; });
            openWebSocket(client, server);
            [&] { QTRY_VERIFY(!answer.isEmpty()); }();
            disconnect(&client, nullptr, this, nullptr);
            return answer;
        };
        QWebSocket third;
        const auto frame = wire::decodeFrame(answerTo(third).toStdString());
        QVERIFY(frame.ok());
        QCOMPARE(frame->kind(), wire::ERROR);
        QCOMPARE(frame->method(), wire::HELLO);
        QCOMPARE(frame->id(), 7U);
        wire::CallError error;
        QVERIFY(error.ParseFromString(frame->body()));
        QCOMPARE(error.code(), wire::RATE_LIMITED);
        QCOMPARE(error.retry_after_ms(), 5000U);
        QTRY_COMPARE(third.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(server.echo.read(server.echo.opens), 2); // the rules never heard of it

        // A device that signed in holds none of the strangers' places.
        QSignalSpy echoed(&known, &QWebSocket::binaryMessageReceived);
        known.sendBinaryMessage("sign in");
        QTRY_COMPARE(echoed.size(), 1);
        QTRY_COMPARE(server.gateway->connections(), 2U);
        QWebSocket fourth;
        QCOMPARE(answerTo(fourth), hello); // echoed
    }
    void loopbackIsNotLimitedByDefault()
    {
        Server server(false, [](GatewayOptions& options) { options.connections.unknownOfAddress = 2; });
        std::vector<std::unique_ptr<QWebSocket>> clients;
        for (int i = 0; i < 6; ++i) {
            clients.push_back(std::make_unique<QWebSocket>());
            openWebSocket(*clients.back(), server);
        }
        QTRY_COMPARE(server.echo.read(server.echo.opens), 6);
    }
    void whoFindsNoPlaceAndSaysNothingIsCut()
    {
        Server server(false, [](GatewayOptions& options) {
            options.connections.all = 0;
            options.headTimeout = Millis{200};
        });
        QWebSocket client;
        QSignalSpy gone(&client, &QWebSocket::disconnected);
        openWebSocket(client, server);
        QTRY_COMPARE(gone.size(), 1);
        QTRY_COMPARE(server.gateway->connections(), 0U);
    }
    void oneAddressHoweverItIsWritten()
    {
        const auto key = [](const char* text) { return addressKey(QHostAddress(QString::fromLatin1(text))); };
        QCOMPARE(key("192.0.2.1"), Bytes("192.0.2.1"));
        QCOMPARE(key("::ffff:192.0.2.1"), Bytes("192.0.2.1"));
        QVERIFY(key("192.0.2.2") != key("192.0.2.1"));
        QCOMPARE(key("2001:db8:1:2:3:4:5:6"), Bytes("2001:db8:1:2::/64"));
        QCOMPARE(key("2001:db8:1:2:ffff::"), key("2001:db8:1:2::1"));
        QVERIFY(key("2001:db8:1:3::1") != key("2001:db8:1:2::1"));
        for (const char* text : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
            QVERIFY2(isLoopback(QHostAddress(QString::fromLatin1(text))), text);
        for (const char* text : {"192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "::"})
            QVERIFY2(!isLoopback(QHostAddress(QString::fromLatin1(text))), text);
    }
    void stopCutsEverybodyAndSaysSoOnce()
    {
        auto server = std::make_unique<Server>(false);
        std::vector<std::unique_ptr<QWebSocket>> clients;
        for (int i = 0; i < 10; ++i) {
            clients.push_back(std::make_unique<QWebSocket>());
            openWebSocket(*clients.back(), *server);
        }
        QTRY_COMPARE(server->echo.read(server->echo.opens), 10);
        server->gateway->stop();
        server->first.stop();
        server->second.stop();
        QCOMPARE(server->echo.read(server->echo.gones), 10);
        QCOMPARE(server->budget.used(), 0);
    }
    void addressesAreRefusedInWords()
    {
        Server server(false);
        Server other(false);
        other.gateway->stopAccepting();
        const auto taken = other.gateway->listen("127.0.0.1", server.port);
        QVERIFY(taken.error().is(ListenError::InUse));
        QVERIFY(other.gateway->listen("192.0.2.1", 0).error().is(ListenError::BadAddress));
        QVERIFY(other.gateway->listen("example", 0).error().is(ListenError::BadAddress));
    }
};

int main(int argc, char** argv)
{
    QCoreApplication::setEventDispatcher(new EpollDispatcher);
    QCoreApplication app(argc, argv);
    GatewayTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "GatewayTest.moc"
