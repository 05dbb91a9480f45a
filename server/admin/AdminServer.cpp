#include "server/admin/AdminServer.h"

#include "server/chat/ChatError.h"

#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>

namespace kith::server
{
namespace
{

Error unavailable(std::string sentence)
{
    return Error::make(ChatError::Unavailable, std::move(sentence));
}

QByteArray line(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

AdminServer::AdminServer(AdminCommands& commands, Executor& loop) : commands_(commands), loop_(loop)
{
    server_.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&server_, &QLocalServer::newConnection, this, &AdminServer::accepted);
}

Result<void> AdminServer::listen(const std::string& path)
{
    const QString name = QString::fromStdString(path);
    QLocalServer::removeServer(name);
    if (!server_.listen(name))
        return unavailable("the command socket " + path + " cannot be made: " + server_.errorString().toStdString());
    return {};
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

Result<QJsonObject> askServer(const std::string& path, const QJsonObject& request, int timeout)
{
    QLocalSocket socket;
    socket.connectToServer(QString::fromStdString(path));
    if (!socket.waitForConnected(timeout))
        return unavailable("no server runs here");
    socket.write(line(request));
    QByteArray answer;
    while (!answer.contains('\n')) {
        if (!socket.waitForReadyRead(timeout) && socket.bytesAvailable() == 0)
            return unavailable("the server did not answer");
        answer += socket.readAll();
    }
    return QJsonDocument::fromJson(answer).object();
}

} // namespace kith::server
