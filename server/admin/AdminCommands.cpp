#include "server/admin/AdminCommands.h"

#include "server/chat/ChatError.h"

#include <QDateTime>
#include <QJsonArray>

namespace kith::server
{
namespace
{

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString timeText(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(time), Qt::UTC).toString(Qt::ISODate);
}

QString stateText(InviteState state)
{
    switch (state) {
    case InviteState::Open:
        return QStringLiteral("open");
    case InviteState::Used:
        return QStringLiteral("used");
    case InviteState::Expired:
        return QStringLiteral("expired");
    case InviteState::Revoked:
        return QStringLiteral("revoked");
    }
    return QStringLiteral("open");
}

Error invalid(std::string sentence)
{
    return Error::make(ChatError::Invalid, std::move(sentence));
}

} // namespace

QJsonObject errorAnswer(const Error& error)
{
    return {{QStringLiteral("type"), QStringLiteral("error")},
            {QStringLiteral("code"), toQt(error.name)},
            {QStringLiteral("message"), toQt(error.detail)}};
}

AdminCommands::AdminCommands(Chat& chat, Executor& strand, LinkMaker makeLink)
    : chat_(chat), strand_(strand), makeLink_(std::move(makeLink))
{
}

void AdminCommands::run(const QJsonObject& request, std::function<void(const QJsonObject&)> done)
{
    const QString command = request[QStringLiteral("command")].toString();
    if (command == QStringLiteral("user add"))
        createInvite(request, true, std::move(done));
    else if (command == QStringLiteral("user list"))
        listUsers(std::move(done));
    else if (command == QStringLiteral("invite create"))
        createInvite(request, false, std::move(done));
    else if (command == QStringLiteral("invite list"))
        listInvites(std::move(done));
    else if (command == QStringLiteral("invite revoke"))
        revokeInvite(request, std::move(done));
    else
        strand_.post([done = std::move(done)] { done(errorAnswer(invalid("this server knows no such command"))); });
}

void AdminCommands::createInvite(const QJsonObject& request, bool forName, Answer done)
{
    InviteRequest invite;
    invite.handle = request[QStringLiteral("name")].toString().toStdString();
    invite.uses = static_cast<std::uint32_t>(request[QStringLiteral("uses")].toInteger(0));
    invite.lifetime = Millis{request[QStringLiteral("lifetime_ms")].toInteger(0)};
    if (forName && invite.handle.empty()) {
        strand_.post([done = std::move(done)] { done(errorAnswer(invalid("user add needs a name"))); });
        return;
    }
    const QString name = toQt(invite.handle);
    chat_.accounts.createInvite(strand_, std::move(invite),
                                [this, name, done = std::move(done)](const Result<CreatedInvite>& made) {
                                    if (!made.ok())
                                        return done(errorAnswer(made.error()));
                                    QJsonObject answer{{QStringLiteral("type"), QStringLiteral("invite")},
                                                       {QStringLiteral("invite"), toQt(makeLink_(made->token))},
                                                       {QStringLiteral("expires"), timeText(made->expires)}};
                                    if (!name.isEmpty())
                                        answer[QStringLiteral("name")] = name;
                                    done(answer);
                                });
}

void AdminCommands::listInvites(Answer done)
{
    chat_.accounts.listInvites(strand_, [done = std::move(done)](const Result<std::vector<InviteView>>& invites) {
        if (!invites.ok())
            return done(errorAnswer(invites.error()));
        QJsonArray list;
        for (const InviteView& invite : *invites) {
            QJsonObject row{{QStringLiteral("id"), toQt(invite.id)},
                            {QStringLiteral("state"), stateText(invite.state)},
                            {QStringLiteral("uses"), static_cast<qint64>(invite.uses)},
                            {QStringLiteral("used"), static_cast<qint64>(invite.used)},
                            {QStringLiteral("created"), timeText(invite.created)},
                            {QStringLiteral("expires"), timeText(invite.expires)}};
            if (!invite.handle.empty())
                row[QStringLiteral("name")] = toQt(invite.handle);
            list.append(row);
        }
        done({{QStringLiteral("type"), QStringLiteral("invites")}, {QStringLiteral("invites"), list}});
    });
}

void AdminCommands::revokeInvite(const QJsonObject& request, Answer done)
{
    const std::string invite = request[QStringLiteral("invite")].toString().toStdString();
    chat_.accounts.revokeInvite(strand_, UserId{}, invite, [done = std::move(done)](const Result<void>& revoked) {
        done(revoked.ok() ? QJsonObject{{QStringLiteral("type"), QStringLiteral("revoked")}}
                          : errorAnswer(revoked.error()));
    });
}

void AdminCommands::listUsers(Answer done)
{
    chat_.accounts.listAccounts(strand_, [done = std::move(done)](const Result<std::vector<Account>>& accounts) {
        if (!accounts.ok())
            return done(errorAnswer(accounts.error()));
        QJsonArray list;
        for (const Account& account : *accounts)
            list.append(QJsonObject{{QStringLiteral("name"), toQt(account.handle)},
                                    {QStringLiteral("id"), toQt(account.user.hex())},
                                    {QStringLiteral("created"), timeText(account.created)},
                                    {QStringLiteral("suspended"), account.suspended}});
        done({{QStringLiteral("type"), QStringLiteral("users")}, {QStringLiteral("users"), list}});
    });
}

} // namespace kith::server
