#pragma once
/// The real kithd as a child: SIGKILLed at any moment, started again on the same port and data. Owned by CrashRun.
/// Thread: one with an event loop.

#include <QProcess>
#include <QString>

#include <cstdint>

namespace kith::crash
{

class ServerProcess
{
public:
    /// Serves `directory`, made with a configuration that slows nobody down; logs beside it.
    ServerProcess(QString program, QString directory);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    /// True once it serves; on the port of its first life.
    [[nodiscard]] bool start();
    /// SIGKILL, at once; the next start() waits for its end.
    void kill() { process_.kill(); }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    QString program_;
    QString directory_;
    QProcess process_;
    std::uint16_t port_ = 0;
};

} // namespace kith::crash
