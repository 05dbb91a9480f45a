#pragma once
/// A server of a later time: greets, and takes only devices that speak a protocol this Kith does not know yet. On
/// loopback, without TLS. Owned by the test. Thread: the test's event loop.

#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/Limits.h"

#include <QWebSocket>
#include <QWebSocketServer>

namespace kith::test
{

class NewerServer
{
public:
    explicit NewerServer(std::uint16_t port)
        : server_(QStringLiteral("kithd of a later time"), QWebSocketServer::NonSecureMode)
    {
        server_.setSupportedSubprotocols({QStringLiteral("kith.v1")});
        QObject::connect(&server_, &QWebSocketServer::newConnection, &server_, [this] {
            QWebSocket* const client = server_.nextPendingConnection();
            client->setParent(&server_);
            QObject::connect(client, &QWebSocket::binaryMessageReceived, client, [client](const QByteArray& bytes) {
                const auto frame = wire::decodeFrame({bytes.constData(), static_cast<std::size_t>(bytes.size())});
                if (!frame.ok() || frame->method() != wire::HELLO)
                    return;
                wire::HelloResponse hello;
                hello.set_minor_version(wire::minorVersion + 9);
                hello.set_oldest_minor_version(wire::minorVersion + 1);
                hello.set_challenge(Bytes(32, 'c'));
                hello.set_server_id(Bytes(16, 's'));
                hello.set_server_time_ms(1);
                const Bytes answer =
                    wire::encodeFrame(wire::RESPONSE, wire::HELLO, frame->id(), hello.SerializeAsString());
                client->sendBinaryMessage(QByteArray::fromStdString(answer));
            });
        });
        listens = server_.listen(QHostAddress(QHostAddress::LocalHost), port);
    }

    bool listens = false;

private:
    QWebSocketServer server_;
};

} // namespace kith::test
