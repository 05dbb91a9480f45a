#pragma once
/// One accepted socket from its first octet to its last: TLS, request head, then a WebSocket whose messages go through
/// a SocketLink, or one HTTP answer. Owned by its GatewayLoop, lives on that loop.
///
///   securing --encrypted--> reading head --/v1/ws--> upgrading --> open --closed--> closing --> (deleted)
///       |                        |  \--refused, or a call--> answering --> closing
///       +------- timeout --------+-- 408 ----------------------^
///
/// One that found no place (its ticket says so) comes as far as upgrading; its first request is answered with that.

#include "server/gateway/GatewayOptions.h"
#include "server/gateway/SocketLink.h"

#include <QObject>
#include <QPointer>
#include <QTcpSocket>

#include <memory>

class QWebSocket;
class QWebSocketServer;

namespace kith::server
{

class GatewayLoop;

/// A connection as it was accepted.
struct Arrival {
    qintptr descriptor = -1;
    Bytes address; ///< As limits count it.
    std::shared_ptr<ConnectionCounts::Ticket> ticket;
};

class ClientSocket final : public QObject, private SocketLink::Loop
{
    Q_OBJECT
public:
    enum class Stage { Securing, ReadingHead, Upgrading, Open, Closing };

    ClientSocket(GatewayLoop& loop, const GatewayOptions& options, const Arrival& arrival);
    ~ClientSocket() override;

    /// Takes over the descriptor; called once.
    void start();

    [[nodiscard]] Stage stage() const { return stage_; }
    /// The time for the stage is up: 408 for a head that did not come, the axe for a close that nobody answered.
    void timedOut();

private:
    void enter(Stage stage);
    void readHead();
    void upgrade();
    void upgraded(QWebSocketServer* upgrader);
    void answer(const Bytes& response);
    void finish();
    void onMessage(const QByteArray& message);
    void refuse(const QByteArray& message);
    void onWritten();
    void pump() override;
    void allowLargeFrames() override;
    void setReading(bool on) override;
    [[nodiscard]] std::size_t held() const;

    GatewayLoop& loop_;
    const GatewayOptions& options_;
    Stage stage_ = Stage::Securing;
    QPointer<QTcpSocket> tcp_;        ///< Ours until the WebSocket takes it.
    QWebSocket* webSocket_ = nullptr; ///< Ours.
    std::shared_ptr<SocketLink> link_;
    const Arrival arrival_;
    bool reading_ = true;
    bool pumping_ = false;
};

} // namespace kith::server
