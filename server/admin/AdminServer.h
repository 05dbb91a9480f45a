#pragma once
/// The operator's socket: a local socket in the data directory that only the server's own user may open. One JSON
/// object a line, answered by one. Owned by the composition root. Thread: one with an event loop.

#include "core/base/Result.h"
#include "server/admin/AdminCommands.h"

#include <QLocalServer>

#include <string>

namespace kith::server
{

class AdminServer final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 maxRequest = 64 << 10;

    /// `loop`: runs on this object's thread; answers come back through it.
    AdminServer(AdminCommands& commands, Executor& loop);

    /// The lock of the data directory must be held: a socket left by a process that died is replaced.
    [[nodiscard]] Result<void> listen(const std::string& path);
    /// No new requests; the socket is gone.
    void close() { server_.close(); }

private:
    void accepted();

    AdminCommands& commands_;
    Executor& loop_;
    QLocalServer server_;
};

/// Sends one request to the server that runs on `path`. Unavailable where none does; errors of the command are in the
/// answer. Blocks, at most `timeout` milliseconds without progress.
[[nodiscard]] Result<QJsonObject> askServer(const std::string& path, const QJsonObject& request, int timeout);

} // namespace kith::server
