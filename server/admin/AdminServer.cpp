#include "server/admin/AdminServer.h"

#include "server/chat/ChatError.h"

#include <QFile>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

namespace kith::server
{
namespace
{

constexpr const char* fileName = "/admin.sock";

Error unavailable(std::string sentence)
{
    return Error::make(ChatError::Unavailable, std::move(sentence));
}

QByteArray line(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

AdminSocketPath::AdminSocketPath(const std::string& directory)
{
    std::string path = directory + fileName;
    // Qt binds "XXXXXX/s" beside the name first.
    if (path.size() + 16 > sizeof(sockaddr_un::sun_path)) {
        directory_ = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (directory_ >= 0)
            path = "/proc/self/fd/" + std::to_string(directory_) + fileName;
    }
    name_ = QFile::decodeName(path.c_str());
}

AdminSocketPath::~AdminSocketPath()
{
    if (directory_ >= 0)
        ::close(directory_);
}

AdminServer::AdminServer(AdminCommands& commands, Executor& loop) : commands_(commands), loop_(loop)
{
    server_.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&server_, &QLocalServer::newConnection, this, &AdminServer::accepted);
}

AdminServer::~AdminServer()
{
    close();
}

Result<void> AdminServer::listen(const std::string& directory)
{
    path_.emplace(directory);
    QLocalServer::removeServer(path_->name());
    if (!server_.listen(path_->name()))
        return unavailable("the command socket " + directory + fileName +
                           " cannot be made: " + server_.errorString().toStdString());
    return {};
}

void AdminServer::close()
{
    server_.close();
    path_.reset(); // it names the file that close() removes
}

void AdminServer::accepted()
{
    while (QLocalSocket* socket = server_.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() > maxRequest)
                    socket->abort();
                return;
            }
            const QJsonDocument request = QJsonDocument::fromJson(socket->readLine(maxRequest));
            commands_.run(request.object(),
                          [&loop = loop_, guard = QPointer<QLocalSocket>(socket)](const QJsonObject& answer) {
                              loop.post([guard, answer] {
                                  if (!guard)
                                      return;
                                  guard->write(line(answer));
                                  guard->disconnectFromServer();
                              });
                          });
        });
    }
}

Result<std::optional<QJsonObject>> askServer(const std::string& directory, const QJsonObject& request, int timeout)
{
    const AdminSocketPath path(directory);
    QLocalSocket socket;
    socket.connectToServer(path.name());
    if (!socket.waitForConnected(timeout))
        return std::optional<QJsonObject>();
    socket.write(line(request));
    QByteArray answer;
    while (!answer.contains('\n')) {
        if (!socket.waitForReadyRead(timeout) && socket.bytesAvailable() == 0)
            return unavailable("the server that runs on " + directory + " did not answer");
        answer += socket.readAll();
    }
    return std::optional(QJsonDocument::fromJson(answer).object());
}

} // namespace kith::server
