#include "app/conversations/ConversationsController.h"

#include "core/base/WhenDone.h"
#include "core/models/Names.h"
#include "core/session/SessionError.h"

#include <algorithm>

namespace kith
{
namespace
{

using Show = ConversationListModel::Show;

QString problemOf(const Error& error, const QString& handle)
{
    if (error.is(SessionError::NotFound))
        return ConversationsController::tr("No one is called \"%1\". Check the spelling, or send an invite.")
            .arg(handle);
    if (error.is(SessionError::Unreachable) || error.is(SessionError::Timeout))
        return ConversationsController::tr("The server can't be reached, so nobody new can be found. Try again later.");
    return ConversationsController::tr("That did not work: %1").arg(QString::fromStdString(error.detail));
}

} // namespace

ConversationsController::ConversationsController(Account& account, Executor& executor, LiveFacts& live, QObject* parent)
    : QObject(parent), account_(account), list_(account.reader(), account.changes(), executor, live)
{
}

QString ConversationsController::show() const
{
    switch (list_.shown()) {
    case Show::Unread:
        return QStringLiteral("unread");
    case Show::Requests:
        return QStringLiteral("requests");
    case Show::Chats:
        break;
    }
    return QStringLiteral("chats");
}

void ConversationsController::setShow(const QString& show)
{
    list_.setShow(show == QStringLiteral("unread")     ? Show::Unread
                  : show == QStringLiteral("requests") ? Show::Requests
                                                       : Show::Chats);
    Q_EMIT changed();
}

void ConversationsController::setQuery(const QString& query)
{
    list_.setQuery(query);
    startProblem_.clear();
    Q_EMIT changed();
}

QString ConversationsController::ownName() const
{
    const OwnAccount& self = account_.self();
    return QString::fromStdString(self.displayName.empty() ? self.handle : self.displayName);
}

QString ConversationsController::ownHandle() const
{
    return QString::fromStdString(account_.self().handle);
}

QString ConversationsController::ownInitials() const
{
    return initialsOf(ownName());
}

int ConversationsController::ownHue() const
{
    return hueOf(account_.self().user);
}

void ConversationsController::select(const QString& log)
{
    const auto id = LogId::fromHex(log.toStdString());
    if (!id || selected_ == log)
        return;
    selected_ = log;
    Q_EMIT changed();
    Q_EMIT opened(*id);
}

void ConversationsController::deselect()
{
    if (selected_.isEmpty())
        return;
    selected_.clear();
    Q_EMIT changed();
    Q_EMIT closed();
}

void ConversationsController::selectBeside(int step)
{
    const int count = list_.rowCount();
    if (count == 0)
        return;
    const auto id = LogId::fromHex(selected_.toStdString());
    const int row = id ? list_.rowOf(*id) : -1;
    const int next = row < 0 ? 0 : std::clamp(row + step, 0, count - 1);
    select(list_.index(next).data(ConversationListModel::LogRole).toString());
}

void ConversationsController::selectFirst()
{
    if (list_.rowCount() > 0)
        select(list_.index(0).data(ConversationListModel::LogRole).toString());
}

void ConversationsController::startChat(const QString& handle)
{
    const QString wanted = handle.trimmed();
    if (wanted.isEmpty() || starting_)
        return;
    starting_ = true;
    startProblem_.clear();
    Q_EMIT changed();
    whenDone(this, account_.chatWith(wanted.toStdString()), [this, wanted](const Result<LogId>& log) {
        starting_ = false;
        if (!log.ok())
            startProblem_ = problemOf(log.error(), wanted);
        else
            list_.setQuery({});
        Q_EMIT changed();
        if (log.ok())
            select(QString::fromStdString(log.value().hex()));
    });
}

void ConversationsController::forgetProblem()
{
    startProblem_.clear();
    Q_EMIT changed();
}

} // namespace kith
