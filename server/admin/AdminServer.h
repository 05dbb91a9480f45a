#pragma once
/// The operator's socket: a local socket in the data directory, which only the server's own user may open. One JSON
/// object a line, answered by one. Owned by the composition root. Thread: one with an event loop.

#include "core/base/Result.h"
#include "server/admin/AdminCommands.h"

#include <QLocalServer>

#include <optional>
#include <string>

namespace kith::server
{

/// The name under which admin.sock of a directory can be opened. A socket's address holds 107 octets, a path up to
/// 4096: one too long is reached through the directory's descriptor, which this keeps open.
class AdminSocketPath
{
public:
    explicit AdminSocketPath(const std::string& directory);
    ~AdminSocketPath();
    AdminSocketPath(const AdminSocketPath&) = delete;
    AdminSocketPath& operator=(const AdminSocketPath&) = delete;

    [[nodiscard]] const QString& name() const { return name_; }

private:
    int directory_ = -1;
    QString name_;
};

class AdminServer final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 maxRequest = 64 << 10;

    /// `loop`: runs on this object's thread; answers come back through it.
    AdminServer(AdminCommands& commands, Executor& loop);
    ~AdminServer() override;

    /// Makes admin.sock in `directory`, whose lock must be held: a socket left by a process that died is replaced.
    [[nodiscard]] Result<void> listen(const std::string& directory);
    /// No new requests; the socket is gone.
    void close();

private:
    void accepted();

    AdminCommands& commands_;
    Executor& loop_;
    std::optional<AdminSocketPath> path_;
    QLocalServer server_;
};

/// Sends one request to the server that runs on `directory`; nothing where none does. Errors of the command are in the
/// answer; Unavailable: a server runs and did not answer. Blocks, at most `timeout` milliseconds without progress.
[[nodiscard]] Result<std::optional<QJsonObject>> askServer(const std::string& directory, const QJsonObject& request,
                                                           int timeout);

} // namespace kith::server
