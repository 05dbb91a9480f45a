#pragma once
/// A network in between that a test can break: hands octets on between whoever connects and a server on this machine,
/// falls silent, cuts. Owned by the test. Thread: the test's event loop.

#include <QHostAddress>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <vector>

namespace kith::test
{

class Relay
{
public:
    explicit Relay(std::uint16_t target) : target_(target)
    {
        server_.listen(QHostAddress::LocalHost);
        QObject::connect(&server_, &QTcpServer::newConnection, &server_, [this] { accept(); });
    }

    [[nodiscard]] std::uint16_t port() const { return server_.serverPort(); }
    /// Nothing gets through any more, and nobody is told; new connections are accepted and are as silent.
    void fallSilent()
    {
        silent_ = true;
        for (const auto& line : lines_)
            line->silent = true;
    }
    /// Everything goes on where it stopped.
    void speak()
    {
        silent_ = false;
        for (const auto& line : lines_) {
            line->silent = false;
            line->handOn();
        }
    }
    /// The lines that stand are dead for ever without a word; new ones work.
    void forsake()
    {
        fallSilent();
        silent_ = false;
        forsaken_.insert(forsaken_.end(), lines_.begin(), lines_.end());
        lines_.clear();
    }
    /// Every line breaks at once.
    void cut()
    {
        for (const auto& line : std::exchange(lines_, {}))
            line->end();
    }

private:
    struct Line {
        QTcpSocket* client = nullptr; ///< Owned by the listening server.
        QTcpSocket server;
        bool silent = false;

        void handOn()
        {
            if (silent || server.state() != QAbstractSocket::ConnectedState)
                return;
            if (client->bytesAvailable() > 0)
                server.write(client->readAll());
            if (server.bytesAvailable() > 0)
                client->write(server.readAll());
        }
        void end()
        {
            client->abort();
            server.abort();
        }
    };

    void accept()
    {
        while (QTcpSocket* client = server_.nextPendingConnection()) {
            const auto line = std::make_shared<Line>();
            line->client = client;
            line->silent = silent_;
            Line* const raw = line.get();
            for (QTcpSocket* socket : {client, &raw->server}) {
                QObject::connect(socket, &QTcpSocket::readyRead, &raw->server, [raw] { raw->handOn(); });
                QObject::connect(socket, &QTcpSocket::disconnected, &raw->server, [raw] {
                    raw->handOn();
                    if (!raw->silent)
                        raw->end();
                });
            }
            QObject::connect(&raw->server, &QTcpSocket::connected, &raw->server, [raw] { raw->handOn(); });
            raw->server.connectToHost(QHostAddress(QHostAddress::LocalHost), target_);
            lines_.push_back(line);
        }
    }

    std::uint16_t target_;
    QTcpServer server_;
    bool silent_ = false;
    std::vector<std::shared_ptr<Line>> lines_;
    std::vector<std::shared_ptr<Line>> forsaken_;
};

} // namespace kith::test
