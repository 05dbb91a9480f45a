#pragma once
/// A server that lies: it stands before a real kithd, passes everything on, and changes the answers it wants to. On
/// loopback, without TLS. Owned by the test. Thread: the test's event loop.

#include "core/protocol/wire/FrameCodec.h"

#include <QWebSocket>
#include <QWebSocketHandshakeOptions>
#include <QWebSocketServer>

#include <functional>
#include <set>

namespace kith::test
{

class ImpostorServer
{
public:
    explicit ImpostorServer(std::uint16_t behind)
        : behind_(behind), server_(QStringLiteral("not kithd"), QWebSocketServer::NonSecureMode)
    {
        server_.setSupportedSubprotocols({QStringLiteral("kith.v1")});
        QObject::connect(&server_, &QWebSocketServer::newConnection, &server_,
                         [this] { serve(server_.nextPendingConnection()); });
        listens = server_.listen(QHostAddress(QHostAddress::LocalHost), 0);
    }
    [[nodiscard]] std::uint16_t port() const { return server_.serverPort(); }

    bool listens = false;
    std::function<void(wire::Frame&)> lie; ///< May change what the real server answers.
    std::set<wire::Method> asked;          ///< What clients called.

private:
    static Bytes bytesOf(const QByteArray& message) { return message.toStdString(); }

    void serve(QWebSocket* client)
    {
        client->setParent(&server_);
        auto* const real = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, client);
        auto* const early = new QList<QByteArray>; // said before the real server was reached
        QObject::connect(client, &QObject::destroyed, [early] { delete early; });
        QObject::connect(client, &QWebSocket::binaryMessageReceived, real, [this, real, early](const QByteArray& said) {
            if (const auto frame = wire::decodeFrame(bytesOf(said)); frame.ok())
                asked.insert(frame->method());
            if (real->isValid())
                real->sendBinaryMessage(said);
            else
                early->append(said);
        });
        QObject::connect(real, &QWebSocket::connected, client, [real, early] {
            for (const QByteArray& said : std::exchange(*early, {}))
                real->sendBinaryMessage(said);
        });
        QObject::connect(real, &QWebSocket::binaryMessageReceived, client, [this, client](const QByteArray& said) {
            auto frame = wire::decodeFrame(bytesOf(said));
            if (frame.ok() && lie && frame->kind() == wire::RESPONSE)
                lie(*frame);
            client->sendBinaryMessage(frame.ok() ? QByteArray::fromStdString(wire::encodeFrame(
                                                       frame->kind(), frame->method(), frame->id(), frame->body()))
                                                 : said);
        });
        QObject::connect(client, &QWebSocket::disconnected, real, [real] { real->close(); });
        QObject::connect(real, &QWebSocket::disconnected, client, [client] { client->close(); });
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({QStringLiteral("kith.v1")});
        real->open(QUrl(QStringLiteral("ws://127.0.0.1:%1/v1/ws").arg(behind_)), options);
    }

    std::uint16_t behind_;
    QWebSocketServer server_;
};

} // namespace kith::test
