#include "core/net/websocket/WebSocketTransport.h"

#include <QCryptographicHash>
#include <QPointer>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTimer>
#include <QWebSocketHandshakeOptions>

#include <utility>

namespace kith::net
{
namespace
{

constexpr auto subprotocol = "kith.v1";
/// How long a closed socket may still work off what it holds.
constexpr std::chrono::milliseconds lingering{2000};
constexpr qsizetype maxCloseWords = 120; // RFC 6455 leaves 123 octets.

QString text(const std::string& words)
{
    return QString::fromStdString(words);
}

/// The number out of Qt's "Unhandled http status code: 503 (...)"; Qt has no other place for it.
int httpStatusOf(const QString& words)
{
    static const QRegularExpression pattern(QStringLiteral("status code: ?(\\d{3})\\b"));
    const auto match = pattern.match(words);
    return match.hasMatch() ? match.captured(1).toInt() : 0;
}

/// Either side may have found it: Qt closes with these codes itself when what arrives is malformed or too large.
bool isMisunderstanding(int code)
{
    switch (code) {
    case QWebSocketProtocol::CloseCodeProtocolError:
    case QWebSocketProtocol::CloseCodeDatatypeNotSupported:
    case QWebSocketProtocol::CloseCodeWrongDatatype:
    case QWebSocketProtocol::CloseCodeTooMuchData:
        return true;
    default:
        return false;
    }
}

} // namespace

WebSocketTransport::WebSocketTransport(WebSocketSettings settings) : settings_(std::move(settings)) {}

WebSocketTransport::~WebSocketTransport()
{
    if (socket_)
        socket_->disconnect(this);
}

void WebSocketTransport::open(const ServerAddress& address, const Pins& pins)
{
    discard();
    address_ = address;
    pins_ = pins;
    opened_ = ended_ = false;
    error_.reset();
    verdict_.reset();

    socket_ = std::make_unique<QWebSocket>();
    QWebSocket& socket = *socket_;
    socket.setProxy(settings_.proxy);
    socket.setMaxAllowedIncomingFrameSize(settings_.maxMessage);
    socket.setMaxAllowedIncomingMessageSize(settings_.maxMessage);
    if (!address.plain) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setProtocol(QSsl::TlsV1_2OrLater);
        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        // A pin decides alone. Without authorities every certificate is an error, and onTlsErrors the only way past it.
        if (pins.serverKey)
            tls.setCaCertificates({});
        socket.setSslConfiguration(tls);
    }
    connect(&socket, &QWebSocket::connected, this, &WebSocketTransport::onConnected);
    connect(&socket, &QWebSocket::sslErrors, this, &WebSocketTransport::onTlsErrors);
    connect(&socket, &QWebSocket::disconnected, this, &WebSocketTransport::onEnded);
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    const auto errorOccurred = qOverload<QAbstractSocket::SocketError>(&QWebSocket::error);
#else
    const auto errorOccurred = &QWebSocket::errorOccurred;
#endif
    connect(&socket, errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (!error_)
            error_ = error;
        onEnded();
    });
    connect(&socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& message) {
        if (opened_ && events_.binary)
            events_.binary({message.constData(), static_cast<std::size_t>(message.size())});
    });
    connect(&socket, &QWebSocket::textMessageReceived, this,
            [this] { fail(TransportFailure::Protocol, "The server sent text where only binary messages belong"); });
    // Queued: writing may happen inside sendBinary().
    connect(
        &socket, &QWebSocket::bytesWritten, this,
        [this] {
            if (opened_ && events_.drained)
                events_.drained();
        },
        Qt::QueuedConnection);

    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QString::fromLatin1(subprotocol)});
    socket.open(QUrl(text(address.webSocketUrl())), options);
}

void WebSocketTransport::sendBinary(ByteView message)
{
    if (socket_ && opened_ && !ended_)
        socket_->sendBinaryMessage(QByteArray(message.data(), static_cast<qsizetype>(message.size())));
}

void WebSocketTransport::close(CloseCode code, const std::string& words)
{
    const bool opened = std::exchange(opened_, false);
    if (opened && socket_->state() == QAbstractSocket::ConnectedState) {
        // What was queued and the close frame may still go out; nobody waits for it.
        QWebSocket* const farewell = socket_.release();
        farewell->disconnect(this);
        connect(farewell, &QWebSocket::disconnected, farewell, &QObject::deleteLater);
        QTimer::singleShot(lingering, farewell, &QObject::deleteLater);
        farewell->close(static_cast<QWebSocketProtocol::CloseCode>(code), text(words).left(maxCloseWords));
    }
    discard();
}

std::size_t WebSocketTransport::bytesBuffered() const
{
    if (!socket_)
        return 0;
    const QSslSocket* tls = tlsSocket();
    // QSslSocket encrypts at once: what waits for the network waits behind it.
    return static_cast<std::size_t>(socket_->bytesToWrite() + (tls != nullptr ? tls->encryptedBytesToWrite() : 0));
}

Bytes WebSocketTransport::keyFingerprint(const QSslCertificate& certificate)
{
    const QByteArray publicKeyInfo = certificate.publicKey().toDer();
    if (publicKeyInfo.isEmpty())
        return {};
    return QCryptographicHash::hash(publicKeyInfo, QCryptographicHash::Sha256).toStdString();
}

QSslSocket* WebSocketTransport::tlsSocket() const
{
    return socket_ ? socket_->findChild<QSslSocket*>(QString(), Qt::FindDirectChildrenOnly) : nullptr;
}

bool WebSocketTransport::pinMatches()
{
    const QSslSocket* tls = tlsSocket();
    const Bytes presented = tls != nullptr ? keyFingerprint(tls->peerCertificate()) : Bytes();
    if (!presented.empty() && presented == *pins_.serverKey)
        return true;
    TransportError error;
    error.kind = TransportFailure::PinMismatch;
    error.words = "The server at " + address_.authority() + " shows the key " + toBase64Url(presented) +
                  ", but the pinned one is " + toBase64Url(*pins_.serverKey) +
                  ". Nothing was sent. Somebody may stand between, or the server has a new key: ask its operator";
    error.pinned = *pins_.serverKey;
    error.presented = presented;
    verdict_ = std::move(error);
    return false;
}

void WebSocketTransport::onTlsErrors(const QList<QSslError>& errors)
{
    if (pins_.serverKey) {
        if (pinMatches())
            socket_->ignoreSslErrors();
        return;
    }
    QStringList reasons;
    for (const QSslError& error : errors)
        if (!reasons.contains(error.errorString()))
            reasons << error.errorString();
    const QSslSocket* tls = tlsSocket();
    TransportError error;
    error.kind = TransportFailure::TlsUntrusted;
    error.presented = tls != nullptr ? keyFingerprint(tls->peerCertificate()) : Bytes();
    error.words = "Nobody whom this machine trusts vouches for the server at " + address_.authority() +
                  ", which shows the key " + toBase64Url(error.presented) + ": " +
                  reasons.join(QStringLiteral("; ")).toStdString() +
                  ". Nothing was sent. Ask its operator for an invite link: the link carries the server's key (s=) and "
                  "needs no authority";
    verdict_ = std::move(error);
}

void WebSocketTransport::onConnected()
{
    if (ended_)
        return;
    if (pins_.serverKey && !address_.plain && !pinMatches())
        return fail(verdict_->kind, verdict_->words);
    if (socket_->subprotocol() != QLatin1String(subprotocol))
        return fail(TransportFailure::Protocol, "What answers at " + address_.authority() + " is no Kith server");
    opened_ = true;
    if (events_.opened)
        events_.opened();
}

void WebSocketTransport::fail(TransportFailure kind, std::string words)
{
    if (!verdict_ || verdict_->kind != kind) {
        verdict_.emplace();
        verdict_->kind = kind;
        verdict_->words = std::move(words);
    }
    onEnded();
}

void WebSocketTransport::onEnded()
{
    if (std::exchange(ended_, true))
        return;
    // Queued, so that what arrived before the end is delivered before it: QWebSocket reads in a queued call as well.
    const QPointer<QWebSocket> socket = socket_.get();
    QMetaObject::invokeMethod(
        this,
        [this, socket] {
            if (socket && socket == socket_.get())
                report();
        },
        Qt::QueuedConnection);
}

void WebSocketTransport::report()
{
    const int code = socket_->closeCode();
    const std::string words = socket_->closeReason().toStdString();
    if (opened_ && !verdict_ && isMisunderstanding(code)) {
        verdict_.emplace();
        verdict_->kind = TransportFailure::Protocol;
        verdict_->words = "The connection ended over a message that breaks the protocol: " + words;
    }
    const bool orderly = opened_ && !verdict_ && !error_;
    const TransportError error = explain();
    opened_ = false;
    discard();
    if (orderly && events_.closed)
        events_.closed(code, words);
    else if (!orderly && events_.failed)
        events_.failed(error);
}

TransportError WebSocketTransport::explain() const
{
    if (verdict_)
        return *verdict_;
    const std::string there = address_.authority();
    TransportError error;
    const auto say = [&error](TransportFailure kind, std::string words) {
        error.kind = kind;
        error.words = std::move(words);
        return error;
    };
    const QString told = socket_->errorString();
    if (opened_)
        return say(TransportFailure::Lost, "The connection to " + there + " broke: " + told.toStdString());
    if (error.httpStatus = httpStatusOf(told); error.httpStatus != 0)
        return say(TransportFailure::HttpStatus,
                   there + " answers with the HTTP status " + std::to_string(error.httpStatus));
    switch (error_.value_or(QAbstractSocket::UnknownSocketError)) {
    case QAbstractSocket::HostNotFoundError:
        return say(TransportFailure::Dns, "The name " + address_.host + " is not known");
    case QAbstractSocket::SocketTimeoutError:
        return say(TransportFailure::Timeout, there + " does not answer");
    case QAbstractSocket::NetworkError:
        return say(TransportFailure::NoNetwork, "There is no way to " + there + ": " + told.toStdString());
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return say(TransportFailure::Protocol, there + " does not speak TLS as expected: " + told.toStdString());
    case QAbstractSocket::RemoteHostClosedError:
        return say(TransportFailure::Protocol, there + " hung up before it said that it is a Kith server");
    case QAbstractSocket::ConnectionRefusedError:
        return say(TransportFailure::Refused, "No server listens at " + there);
    default:
        return say(TransportFailure::Protocol, "No connection to " + there + ": " + told.toStdString());
    }
}

void WebSocketTransport::discard()
{
    if (!socket_)
        return;
    socket_->disconnect(this);
    socket_->abort();
    socket_.release()->deleteLater(); // It may be in the middle of telling us something.
}

} // namespace kith::net
