#include "server/gateway/ClientSocket.h"

#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/WireError.h"
#include "server/gateway/EpollDispatcher.h"
#include "server/gateway/GatewayLoop.h"
#include "server/gateway/HttpRoute.h"

#include <QSslSocket>
#include <QWebSocket>
#include <QWebSocketServer>

namespace kith::server
{
namespace
{

/// A peer that makes our socket hold more than this (pongs to its pings, unread) ignores the protocol.
constexpr std::size_t maxHeld = 8U << 20;

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

ClientSocket::ClientSocket(GatewayLoop& loop, const GatewayOptions& options, const Arrival& arrival)
    : loop_(loop), options_(options), arrival_(arrival)
{
}

ClientSocket::~ClientSocket()
{
    setReading(true); // the number will be another socket's
    if (link_)
        link_->gone();
    if (webSocket_ != nullptr)
        webSocket_->disconnect(this);
    else if (tcp_)
        tcp_->disconnect(this);
    delete webSocket_;
}

void ClientSocket::start()
{
    auto* tls = options_.tls ? new QSslSocket(this) : nullptr;
    tcp_ = tls != nullptr ? tls : new QTcpSocket(this);
    connect(tcp_, &QTcpSocket::disconnected, this, [this] { finish(); });
    connect(tcp_, &QTcpSocket::errorOccurred, this, [this] {
        if (stage_ != Stage::Open)
            finish();
    });
    if (!tcp_->setSocketDescriptor(arrival_.descriptor)) {
        finish();
        return;
    }
    tcp_->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(tcp_, &QTcpSocket::readyRead, this, [this] {
        if (stage_ == Stage::ReadingHead)
            readHead();
        else if (stage_ == Stage::Closing)
            tcp_->skip(tcp_->bytesAvailable()); // an answer is on its way: unread input would reset the connection
    });
    if (tls == nullptr) {
        tcp_->setReadBufferSize(static_cast<qint64>(options_.maxHead));
        enter(Stage::ReadingHead);
        return;
    }
    enter(Stage::Securing);
    tls->setSslConfiguration(*options_.tls);
    connect(tls, &QSslSocket::encrypted, this, [this] {
        enter(Stage::ReadingHead);
        readHead();
    });
    tls->startServerEncryption();
}

void ClientSocket::enter(Stage stage)
{
    stage_ = stage;
    loop_.stageChanged(*this);
}

void ClientSocket::readHead()
{
    // Peeked, not read: the WebSocket server reads the same octets from the socket (decision 0023).
    const QByteArray bytes = tcp_->peek(static_cast<qint64>(options_.maxHead) + 1);
    const HeadResult result =
        readRequestHead({bytes.constData(), static_cast<std::size_t>(bytes.size())}, options_.maxHead);
    if (std::holds_alternative<HeadIncomplete>(result))
        return;
    if (const auto* refusal = std::get_if<HttpRefusal>(&result)) {
        answer(httpResponse(*refusal));
        return;
    }
    const auto& head = std::get<RequestHead>(result);
    const HttpRoute route = routeOf(head);
    if (std::holds_alternative<ToWebSocket>(route)) {
        // Qt's handshake reads ahead and would swallow what follows the head.
        if (static_cast<std::size_t>(bytes.size()) > head.size)
            answer(httpResponse({400, "frames came before the upgrade was answered (RFC 6455 section 4.1)"}));
        else
            upgrade();
    } else if (const auto* refusal = std::get_if<HttpRefusal>(&route)) {
        answer(httpResponse(*refusal));
    } else if (const auto* missing = std::get_if<NoSuchCall>(&route)) {
        answer(httpCallError(Error::make(wire::WireCode::NotFound, missing->sentence)));
    }
}

void ClientSocket::upgrade()
{
    enter(Stage::Upgrading);
    tcp_->setReadBufferSize(0); // Qt takes a WebSocket frame only whole
    // One for this socket alone, so that the WebSocket it makes can be told from others that are upgrading.
    auto* upgrader = new QWebSocketServer(QStringLiteral("kithd"), QWebSocketServer::NonSecureMode, this);
    upgrader->setSupportedSubprotocols({toQt(subprotocol)});
    connect(upgrader, &QWebSocketServer::newConnection, this, [this, upgrader] { upgraded(upgrader); });
    upgrader->handleConnection(tcp_);
}

void ClientSocket::upgraded(QWebSocketServer* upgrader)
{
    webSocket_ = upgrader->nextPendingConnection();
    upgrader->deleteLater();
    if (webSocket_ == nullptr) {
        finish();
        return;
    }
    // Before a message can be read: the default is 2 GiB.
    webSocket_->setMaxAllowedIncomingFrameSize(options_.maxFirstFrame);
    webSocket_->setMaxAllowedIncomingMessageSize(options_.maxFirstFrame);
    webSocket_->setParent(this);
    connect(webSocket_, &QWebSocket::binaryMessageReceived, this, &ClientSocket::onMessage);
    connect(webSocket_, &QWebSocket::textMessageReceived, this, [this] {
        webSocket_->close(QWebSocketProtocol::CloseCodeDatatypeNotSupported, QStringLiteral("frames are binary"));
        enter(Stage::Closing);
    });
    connect(webSocket_, &QWebSocket::disconnected, this, [this] { finish(); });
    if (arrival_.ticket->refused())
        return; // the time for the head holds for its first request too
    if (auto* tls = qobject_cast<QSslSocket*>(tcp_.data()))
        connect(tls, &QSslSocket::encryptedBytesWritten, this, &ClientSocket::onWritten);
    else
        connect(tcp_, &QTcpSocket::bytesWritten, this, &ClientSocket::onWritten);
    connect(tcp_, &QTcpSocket::readyRead, this, [this] {
        if (held() > maxHeld)
            tcp_->abort();
    });
    link_ = loop_.newLink();
    enter(Stage::Open);
    link_->open(*this, arrival_.address);
}

void ClientSocket::refuse(const QByteArray& message)
{
    if (stage_ != Stage::Upgrading)
        return;
    const auto frame = wire::decodeFrame({message.constData(), static_cast<std::size_t>(message.size())});
    if (frame.ok() && frame->kind() == wire::REQUEST) {
        Error error = Error::make(wire::WireCode::RateLimited,
                                  "too many connections, from this network or altogether; try again in a moment");
        error.retryAfter = options_.comeBackAfter;
        webSocket_->sendBinaryMessage(QByteArray::fromStdString(
            wire::encodeFrame(wire::ERROR, frame->method(), frame->id(), wire::toWire(error).SerializeAsString())));
    }
    webSocket_->close(QWebSocketProtocol::CloseCodePolicyViolated, QStringLiteral("too many connections"));
    enter(Stage::Closing);
}

void ClientSocket::onMessage(const QByteArray& message)
{
    if (arrival_.ticket->refused())
        return refuse(message);
    if (stage_ != Stage::Open)
        return;
    if (!link_->received({message.constData(), static_cast<std::size_t>(message.size())})) {
        webSocket_->close(QWebSocketProtocol::CloseCodePolicyViolated, QStringLiteral("too many frames at once"));
        enter(Stage::Closing);
    }
}

std::size_t ClientSocket::held() const
{
    if (!tcp_)
        return 0;
    qint64 octets = tcp_->bytesToWrite();
    if (const auto* tls = qobject_cast<const QSslSocket*>(tcp_.data()))
        octets += tls->encryptedBytesToWrite();
    return static_cast<std::size_t>(octets);
}

void ClientSocket::onWritten()
{
    if (pumping_)
        return; // flush() below reports what it wrote from inside
    link_->socketHolds(held());
    pump();
}

void ClientSocket::pump()
{
    pumping_ = true;
    bool more = true;
    while (more && stage_ == Stage::Open && held() < options_.socketBuffer) {
        bool wrote = false;
        while (held() < options_.socketBuffer) {
            const auto frame = link_->takeOutgoing();
            more = frame.has_value();
            if (!more)
                break;
            webSocket_->sendBinaryMessage(
                QByteArray::fromRawData(frame->data(), static_cast<qsizetype>(frame->size())));
            wrote = true;
        }
        if (wrote)
            webSocket_->flush(); // now, not when epoll says so: one system call instead of three
    }
    pumping_ = false;
    link_->socketHolds(held());
    if (stage_ == Stage::Open && link_->finished()) {
        enter(Stage::Closing);
        webSocket_->close();
    }
}

/// Below Qt, whose WebSocket reads whatever its socket has.
void ClientSocket::setReading(bool on)
{
    if (on == reading_)
        return;
    reading_ = on;
    if (auto* dispatcher = qobject_cast<EpollDispatcher*>(QAbstractEventDispatcher::instance()))
        dispatcher->setReading(static_cast<int>(arrival_.descriptor), on);
}

void ClientSocket::allowLargeFrames()
{
    arrival_.ticket->signedIn();
    webSocket_->setMaxAllowedIncomingFrameSize(options_.maxFrame);
    webSocket_->setMaxAllowedIncomingMessageSize(options_.maxFrame);
}

void ClientSocket::answer(const Bytes& response)
{
    enter(Stage::Closing);
    tcp_->setReadBufferSize(0);
    tcp_->skip(tcp_->bytesAvailable());
    tcp_->write(response.data(), static_cast<qint64>(response.size()));
    tcp_->flush();
}

void ClientSocket::timedOut()
{
    if (stage_ == Stage::ReadingHead)
        answer(httpResponse({408, "the request did not arrive in time"}));
    else
        finish();
}

void ClientSocket::finish()
{
    loop_.remove(*this);
}

} // namespace kith::server
