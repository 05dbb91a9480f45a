#pragma once
/// Transport over QWebSocket and TLS: the one place of core that links Qt WebSockets. Owned by the composition root.
/// Thread: one event-loop thread (the engine thread).
///
/// Trust: with Pins::serverKey the SHA-256 of the certificate's SubjectPublicKeyInfo decides alone; without, the
/// system's authorities and the host name do. Neither can be switched off. Proxies are not used unless given.

#include "core/net/Transport.h"

#include <QNetworkProxy>
#include <QWebSocket>

#include <memory>

class QSslCertificate;
class QSslSocket;

namespace kith::net
{

struct WebSocketSettings {
    QNetworkProxy proxy{QNetworkProxy::NoProxy};
    std::size_t maxMessage = 2U << 20; ///< Larger ones end the channel; wire::maxFrame.
};

class WebSocketTransport final : public QObject, public Transport
{
    Q_OBJECT
public:
    explicit WebSocketTransport(WebSocketSettings settings = {});
    ~WebSocketTransport() override;

    void setEvents(TransportEvents events) override { events_ = std::move(events); }
    void open(const ServerAddress& address, const Pins& pins) override;
    void sendBinary(ByteView message) override;
    void close(CloseCode code, const std::string& words) override;
    [[nodiscard]] std::size_t bytesBuffered() const override;

    /// SHA-256 over the SubjectPublicKeyInfo (DER) of `certificate`: what pins hold. Empty for a null certificate.
    [[nodiscard]] static Bytes keyFingerprint(const QSslCertificate& certificate);

private:
    void onConnected();
    void onTlsErrors(const QList<QSslError>& errors);
    void onEnded();
    void report();
    [[nodiscard]] TransportError explain() const;
    [[nodiscard]] QSslSocket* tlsSocket() const;
    [[nodiscard]] bool pinMatches();
    void fail(TransportFailure kind, std::string words);
    /// Drops the socket; nothing of it is heard any more.
    void discard();

    WebSocketSettings settings_;
    TransportEvents events_;
    ServerAddress address_;
    Pins pins_;
    std::unique_ptr<QWebSocket> socket_;
    bool opened_ = false;
    bool ended_ = false;                                ///< report() is on its way.
    std::optional<QAbstractSocket::SocketError> error_; ///< The first one that the socket told.
    std::optional<TransportError> verdict_;             ///< Ours; explains better than the socket's error.
};

} // namespace kith::net
