#include "core/net/websocket/WebSocketTransport.h"

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocketServer>

using namespace kith;
using namespace kith::net;

namespace
{

/// A key and its self-signed certificate, made by the openssl program.
struct Identity {
    QSslKey key;
    QSslCertificate certificate;
    Bytes fingerprint; ///< As openssl itself computes it.
};

std::optional<QByteArray> openssl(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral("openssl"), arguments);
    if (!process.waitForFinished(20'000) || process.exitCode() != 0)
        return std::nullopt;
    return process.readAllStandardOutput();
}

std::optional<Identity> makeIdentity(const QTemporaryDir& dir, const QString& name, const QString& subject)
{
    const QString key = dir.filePath(name + QStringLiteral(".key"));
    const QString certificate = dir.filePath(name + QStringLiteral(".pem"));
    if (!openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                  QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
                  QStringLiteral("-keyout"), key, QStringLiteral("-out"), certificate, QStringLiteral("-days"),
                  QStringLiteral("2"), QStringLiteral("-subj"), QStringLiteral("/CN=kith test"),
                  QStringLiteral("-addext"), QStringLiteral("subjectAltName=") + subject}))
        return std::nullopt;
    const auto publicKey = openssl({QStringLiteral("pkey"), QStringLiteral("-in"), key, QStringLiteral("-pubout"),
                                    QStringLiteral("-outform"), QStringLiteral("DER")});
    if (!publicKey)
        return std::nullopt;
    Identity out;
    QFile keyFile(key);
    QFile certificateFile(certificate);
    if (!keyFile.open(QIODevice::ReadOnly) || !certificateFile.open(QIODevice::ReadOnly))
        return std::nullopt;
    out.key = QSslKey(&keyFile, QSsl::Ec);
    out.certificate = QSslCertificate(&certificateFile);
    out.fingerprint = QCryptographicHash::hash(*publicKey, QCryptographicHash::Sha256).toStdString();
    return out;
}

/// A WebSocket server that keeps what it hears.
class Server
{
public:
    explicit Server(const Identity* identity, const QStringList& subprotocols = {QStringLiteral("kith.v1")})
        : server_(QStringLiteral("test"),
                  identity != nullptr ? QWebSocketServer::SecureMode : QWebSocketServer::NonSecureMode)
    {
        if (identity != nullptr) {
            QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
            tls.setLocalCertificate(identity->certificate);
            tls.setPrivateKey(identity->key);
            tls.setPeerVerifyMode(QSslSocket::VerifyNone);
            server_.setSslConfiguration(tls);
        }
        server_.setSupportedSubprotocols(subprotocols);
        QObject::connect(&server_, &QWebSocketServer::newConnection, &server_, [this] {
            peer.reset(server_.nextPendingConnection());
            ++accepted;
            QObject::connect(peer.get(), &QWebSocket::binaryMessageReceived, peer.get(),
                             [this](const QByteArray& message) { heard << message; });
            QObject::connect(peer.get(), &QWebSocket::disconnected, &server_, [this] { ++left; });
            if (onAccept)
                onAccept();
        });
        listening = server_.listen(QHostAddress::LocalHost);
    }
    [[nodiscard]] ServerAddress address(bool plain = false) const { return {"127.0.0.1", server_.serverPort(), plain}; }

    std::unique_ptr<QWebSocket> peer;
    std::function<void()> onAccept;
    QByteArrayList heard;
    int accepted = 0;
    int left = 0;
    bool listening = false;

private:
    QWebSocketServer server_;
};

/// A transport and all that it reported.
class Client
{
public:
    explicit Client(WebSocketSettings settings = {}) : transport(std::move(settings))
    {
        TransportEvents events;
        events.opened = [this] {
            inside = inside || calling;
            ++opened;
        };
        events.binary = [this](ByteView message) {
            heard.emplace_back(message);
            if (onBinary)
                onBinary();
        };
        events.closed = [this](int code, const std::string& words) {
            inside = inside || calling;
            closedCode = code;
            closedWords = words;
            ++ended;
        };
        events.failed = [this](const TransportError& failure) {
            inside = inside || calling;
            error = failure;
            ++ended;
        };
        events.drained = [this] { ++drained; };
        transport.setEvents(std::move(events));
    }
    void open(const ServerAddress& address, const Pins& pins = {})
    {
        calling = true;
        transport.open(address, pins);
        calling = false;
    }

    int opened = 0;
    int ended = 0;
    int drained = 0;
    int closedCode = 0;
    std::string closedWords;
    std::optional<TransportError> error;
    std::vector<Bytes> heard;
    std::function<void()> onBinary;
    bool calling = false;
    bool inside = false; ///< An event came inside open(): a breach of the contract.
    WebSocketTransport transport;
};

} // namespace

class WebSocketTransportTest : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir dir_;
    std::optional<Identity> mine_;
    std::optional<Identity> other_;
    std::optional<Identity> elsewhere_;
    const QSslConfiguration usual_ = QSslConfiguration::defaultConfiguration();

    [[nodiscard]] Pins pinned() const { return {mine_->fingerprint}; }

private Q_SLOTS:
    void initTestCase()
    {
        mine_ = makeIdentity(dir_, QStringLiteral("mine"), QStringLiteral("IP:127.0.0.1"));
        other_ = makeIdentity(dir_, QStringLiteral("other"), QStringLiteral("IP:127.0.0.1"));
        elsewhere_ = makeIdentity(dir_, QStringLiteral("elsewhere"), QStringLiteral("DNS:elsewhere.example"));
        QVERIFY2(mine_ && other_ && elsewhere_, "the openssl program could not make certificates");
    }
    void cleanup() { QSslConfiguration::setDefaultConfiguration(usual_); }

    void theFingerprintIsOpenssls()
    {
        QCOMPARE(WebSocketTransport::keyFingerprint(mine_->certificate), mine_->fingerprint);
        QCOMPARE(mine_->fingerprint.size(), 32U);
        QVERIFY(mine_->fingerprint != other_->fingerprint);
        QVERIFY(WebSocketTransport::keyFingerprint(QSslCertificate()).empty());
    }
    void aPinnedServerNeedsNoAuthorityAndNoName()
    {
        for (const Identity* identity : {&*mine_, &*elsewhere_}) {
            Server server(identity);
            QVERIFY(server.listening);
            Client client;
            client.open(server.address(), {identity->fingerprint});
            QTRY_COMPARE(client.opened, 1);
            client.transport.sendBinary("hello");
            QTRY_COMPARE(server.heard, QByteArrayList{"hello"});
            server.peer->sendBinaryMessage(QByteArray("a\0b", 3));
            QTRY_COMPARE(client.heard, std::vector<Bytes>{Bytes("a\0b", 3)});
            QVERIFY(!client.inside);
        }
    }
    void anotherKeyStopsWithBothFingerprints()
    {
        Server server(&*other_);
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.error->kind, TransportFailure::PinMismatch);
        QCOMPARE(client.error->pinned, mine_->fingerprint);
        QCOMPARE(client.error->presented, other_->fingerprint);
        QVERIFY(client.error->words.find(toBase64Url(mine_->fingerprint)) != std::string::npos);
        QVERIFY(client.error->words.find(toBase64Url(other_->fingerprint)) != std::string::npos);
        QCOMPARE(client.opened, 0);
        QCOMPARE(server.accepted, 0); // not even the upgrade was asked for
    }
    void noAuthorityOverrulesThePin()
    {
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.setCaCertificates({other_->certificate});
        QSslConfiguration::setDefaultConfiguration(trusting);
        Server server(&*other_);
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.error->kind, TransportFailure::PinMismatch);
        QCOMPARE(client.opened, 0);
    }
    void withoutPinAnUnknownAuthorityIsRefused()
    {
        Server server(&*mine_);
        Client client;
        client.open(server.address());
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.error->kind, TransportFailure::TlsUntrusted);
        // What was seen, and how to go on.
        QCOMPARE(client.error->presented, WebSocketTransport::keyFingerprint(mine_->certificate));
        QVERIFY(client.error->words.find(toBase64Url(client.error->presented)) != std::string::npos);
        QVERIFY(client.error->words.find("invite link") != std::string::npos);
        QCOMPARE(client.opened, 0);
    }
    void withoutPinAuthorityAndNameDecide()
    {
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.setCaCertificates({mine_->certificate, elsewhere_->certificate});
        QSslConfiguration::setDefaultConfiguration(trusting);
        Server server(&*mine_);
        Client client;
        client.open(server.address());
        QTRY_COMPARE(client.opened, 1);

        Server wrongName(&*elsewhere_);
        Client second;
        second.open(wrongName.address());
        QTRY_COMPARE(second.ended, 1);
        QCOMPARE(second.error->kind, TransportFailure::TlsUntrusted);
    }
    void aClosedPortRefuses()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        const quint16 port = taken.serverPort();
        taken.close();
        Client client;
        client.open({"127.0.0.1", port, false}, pinned());
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.error->kind, TransportFailure::Refused);
        QVERIFY(!client.inside);
        client.open({"127.0.0.1", port, true});
        QTRY_COMPARE(client.ended, 2);
        QCOMPARE(client.error->kind, TransportFailure::Refused);
    }
    void anUnknownNameIsNamed()
    {
        Client client;
        client.open({"no-such-host.invalid", 8443, false});
        QTRY_COMPARE_WITH_TIMEOUT(client.ended, 1, 30'000);
        QCOMPARE(client.error->kind, TransportFailure::Dns);
        QVERIFY(client.error->words.find("no-such-host.invalid") != std::string::npos);
    }
    void aDeafServerIsLeftToTheCallersClock()
    {
        QTcpServer deaf;
        QVERIFY(deaf.listen(QHostAddress::LocalHost));
        Client client;
        client.open({"127.0.0.1", deaf.serverPort(), false}, pinned());
        QTRY_VERIFY(deaf.hasPendingConnections());
        QCOMPARE(client.ended + client.opened, 0);
        client.transport.close(CloseCode::Normal, {});
        Server server(&*mine_);
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.opened, 1);
        QCOMPARE(client.ended, 0);
    }
    void whatIsNoTlsIsNoServer()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        connect(&other, &QTcpServer::newConnection, &other,
                [&] { other.nextPendingConnection()->write("220 mail.example ready\r\n"); });
        Client client;
        client.open({"127.0.0.1", other.serverPort(), false}, pinned());
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.error->kind, TransportFailure::Protocol);
    }
    void anotherSubprotocolIsNoServer()
    {
        for (const QStringList& offered : {QStringList(), QStringList{QStringLiteral("chat.v9")}}) {
            Server server(&*mine_, offered);
            Client client;
            client.open(server.address(), pinned());
            QTRY_COMPARE(client.ended, 1);
            QCOMPARE(client.error->kind, TransportFailure::Protocol);
            QCOMPARE(client.opened, 0);
        }
    }
    void aRefusedUpgradeNamesItsStatus()
    {
        QTcpServer http;
        QVERIFY(http.listen(QHostAddress::LocalHost));
        connect(&http, &QTcpServer::newConnection, &http, [&] {
            QTcpSocket* peer = http.nextPendingConnection();
            connect(peer, &QTcpSocket::readyRead, peer, [peer] {
                peer->readAll();
                peer->write("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
            });
        });
        Client client;
        client.open({"127.0.0.1", http.serverPort(), true});
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.error->kind, TransportFailure::HttpStatus);
        QCOMPARE(client.error->httpStatus, 503);
    }
    void withoutTlsOnThisMachine()
    {
        Server server(nullptr);
        Client client;
        client.open(server.address(true));
        QTRY_COMPARE(client.opened, 1);
        client.transport.sendBinary("hello");
        QTRY_COMPARE(server.heard, QByteArrayList{"hello"});
    }
    void whatCameBeforeTheEndIsDelivered()
    {
        Server server(&*mine_);
        server.onAccept = [&] {
            server.peer->sendBinaryMessage("first");
            server.peer->sendBinaryMessage("goodbye");
            server.peer->close(QWebSocketProtocol::CloseCodeGoingAway, QStringLiteral("restarting"));
        };
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.ended, 1);
        QCOMPARE(client.heard, (std::vector<Bytes>{"first", "goodbye"}));
        QVERIFY(!client.error);
        QCOMPARE(client.closedCode, 1001);
        QCOMPARE(client.closedWords, std::string("restarting"));
    }
    void aBrokenChannelIsLost()
    {
        Server server(&*mine_);
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.opened, 1);
        QTRY_VERIFY(server.peer != nullptr);
        server.peer->abort();
        QTRY_COMPARE(client.ended, 1);
        QVERIFY(client.error);
        QCOMPARE(client.error->kind, TransportFailure::Lost);
    }
    void tooLargeMessagesEndTheChannel()
    {
        Server server(&*mine_);
        WebSocketSettings small;
        small.maxMessage = 1000;
        Client client(small);
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.opened, 1);
        QTRY_VERIFY(server.peer != nullptr);
        server.peer->sendBinaryMessage(QByteArray(1000, 'x'));
        QTRY_COMPARE(client.heard.size(), 1U);
        server.peer->sendBinaryMessage(QByteArray(1001, 'x'));
        QTRY_COMPARE(client.ended, 1);
        QVERIFY(client.error);
        QCOMPARE(client.error->kind, TransportFailure::Protocol);
        QCOMPARE(client.heard.size(), 1U);
    }
    void textIsNotSpoken()
    {
        Server server(&*mine_);
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.opened, 1);
        QTRY_VERIFY(server.peer != nullptr);
        server.peer->sendTextMessage(QStringLiteral("hello"));
        QTRY_COMPARE(client.ended, 1);
        QVERIFY(client.error);
        QCOMPARE(client.error->kind, TransportFailure::Protocol);
    }
    void afterCloseNothingIsHeardButTheServerIsTold()
    {
        Server server(&*mine_);
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.opened, 1);
        QTRY_VERIFY(server.peer != nullptr);
        server.peer->sendBinaryMessage("too late");
        client.transport.sendBinary("last words");
        client.transport.close(CloseCode::Deaf, "silent for 30 s");
        QTRY_COMPARE(server.left, 1);
        QCOMPARE(server.heard, QByteArrayList{"last words"});
        QCOMPARE(static_cast<int>(server.peer->closeCode()), 4001);
        QVERIFY(client.heard.empty());
        QCOMPARE(client.ended, 0);
        client.transport.sendBinary("ignored");
        client.transport.close(CloseCode::Normal, {});
    }
    void theReceiverMayCloseInsideAMessage()
    {
        Server server(&*mine_);
        server.onAccept = [&] {
            server.peer->sendBinaryMessage("one");
            server.peer->sendBinaryMessage("two");
        };
        Client client;
        client.onBinary = [&] { client.transport.close(CloseCode::Protocol, "enough"); };
        client.open(server.address(), pinned());
        QTRY_COMPARE(server.left, 1);
        QCOMPARE(client.heard.size(), 1U);

        Client reopening;
        reopening.onBinary = [&] {
            if (reopening.heard.size() == 1)
                reopening.transport.open(server.address(), pinned());
        };
        reopening.open(server.address(), pinned());
        QTRY_COMPARE(reopening.opened, 2);
        QTRY_COMPARE(reopening.heard.size(), 3U);
    }
    void whatTheNetworkHasNotTakenIsCounted()
    {
        Server server(&*mine_);
        Client client;
        client.open(server.address(), pinned());
        QTRY_COMPARE(client.opened, 1);
        QTRY_VERIFY(server.peer != nullptr);
        QCOMPARE(client.transport.bytesBuffered(), 0U);
        for (int i = 0; i < 16; ++i) // more than the kernel's buffers take while nobody reads
            client.transport.sendBinary(Bytes(1U << 20, 'x'));
        QVERIFY(client.transport.bytesBuffered() > (4U << 20));
        QTRY_COMPARE_WITH_TIMEOUT(server.heard.size(), 16, 20'000);
        QCOMPARE(client.transport.bytesBuffered(), 0U);
        QVERIFY(client.drained > 0);
    }
};

QTEST_GUILESS_MAIN(WebSocketTransportTest)
#include "WebSocketTransportTest.moc"
