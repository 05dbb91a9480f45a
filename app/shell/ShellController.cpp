#include "app/shell/ShellController.h"

#include "core/base/WhenDone.h"

#include <QLocale>
#include <QUrl>

namespace kith
{
namespace
{

using net::ConnectionState;

QString hostOf(const OwnAccount& self)
{
    return QUrl(QString::fromStdString(self.server.url)).host();
}

Notice bannerFor(ConnectionState state, const QString& host, std::uint64_t behind)
{
    switch (state) {
    case ConnectionState::Stopped:
    case ConnectionState::Connecting:
        return {QStringLiteral("retry"), {}, ShellController::tr("Connecting to %1…").arg(host), {}, true, false};
    case ConnectionState::CatchingUp:
        return {
            QStringLiteral("retry"),
            {},
            behind == 0
                ? ShellController::tr("Fetching what you missed…")
                : ShellController::tr("Fetching what you missed: %1 messages to go.").arg(QLocale().toString(behind)),
            {},
            true,
            false};
    case ConnectionState::Offline:
        return {QStringLiteral("offline"),
                {},
                ShellController::tr("You are offline. What you write is kept and sent later."),
                {},
                false,
                false};
    case ConnectionState::Unreachable:
        return {QStringLiteral("server"),
                {},
                ShellController::tr("Can't reach %1. Your messages are kept and will be sent.").arg(host),
                ShellController::tr("Try now"),
                false,
                false};
    case ConnectionState::Restarting:
        return {QStringLiteral("server"),
                {},
                ShellController::tr("%1 restarts and will be back in a moment.").arg(host),
                {},
                true,
                false};
    case ConnectionState::NewerProtocol:
        return {QStringLiteral("update"),
                {},
                ShellController::tr("Kith must be updated to talk to %1. Your messages are kept.").arg(host),
                {},
                false,
                true};
    case ConnectionState::CertificateProblem:
        return {QStringLiteral("certificate"),
                {},
                ShellController::tr("Not connected: %1 could not prove who it is.").arg(host),
                ShellController::tr("Try again"),
                false,
                true};
    case ConnectionState::Revoked:
        return {QStringLiteral("device"),
                {},
                ShellController::tr("This device was removed from your account. You can read, not write."),
                {},
                false,
                true};
    case ConnectionState::Online:
        break;
    }
    return {};
}

Notice troubleFor(ConnectionState state, const QString& host)
{
    if (state == ConnectionState::CertificateProblem)
        return {
            QStringLiteral("certificate"),
            ShellController::tr("This may not be your server"),
            ShellController::tr(
                "Whoever answers as %1 could not prove to be it, so Kith sent nothing. Your messages are safe on this "
                "device. If the server was set up anew, ask its operator for a new invite; on a public network, try "
                "another one.")
                .arg(host),
            ShellController::tr("Try again"),
            false,
            true,
            true};
    if (state == ConnectionState::Revoked)
        return {
            QStringLiteral("device"),
            ShellController::tr("This device was removed"),
            ShellController::tr(
                "Your account no longer counts this device as yours: you removed it elsewhere, or somebody did. What "
                "is stored here can still be read. To write again, make a new account or link this device anew."),
            {},
            false,
            true,
            true};
    return {};
}

} // namespace

ShellController::ShellController(Timers& timers, LiveFacts& live, QObject* parent)
    : QObject(parent), timers_(timers), live_(live)
{
    showOpening();
}

void ShellController::showOpening()
{
    go(Page::Opening);
    patienceTimer_ = timers_.after(patience, [this] {
        slow_ = true;
        Q_EMIT changed();
    });
}

void ShellController::showWelcome()
{
    go(Page::Welcome);
}

void ShellController::showUnlock()
{
    go(Page::Unlock);
}

void ShellController::showTrouble(const Notice& trouble)
{
    trouble_ = trouble;
    go(Page::Trouble);
}

void ShellController::enter(Account& account, const Notice& note)
{
    account_ = &account;
    note_ = note;
    trouble_ = {};
    go(Page::Chats);
    account_->setEvents({[this](const net::ConnectionFact& fact) { connectionChanged(fact); },
                         [this](LogId log, bool typing) { live_.setTyping(log, typing); },
                         [this](UserId user, bool online) { live_.setOnline(user, online); },
                         [this](const Error& error) { storeStopped(error); }});
    connectionChanged(account_->connection());
}

void ShellController::go(Page page)
{
    page_ = page;
    slow_ = false;
    patienceTimer_.reset();
    Q_EMIT changed();
}

QString ShellController::page() const
{
    switch (page_) {
    case Page::Opening:
        return QStringLiteral("opening");
    case Page::Welcome:
        return QStringLiteral("welcome");
    case Page::Unlock:
        return QStringLiteral("unlock");
    case Page::Trouble:
        return QStringLiteral("trouble");
    case Page::Chats:
        break;
    }
    if (!note_.words.isEmpty())
        return QStringLiteral("trouble");
    return trouble_.words.isEmpty() || dismissed_ ? QStringLiteral("chats") : QStringLiteral("trouble");
}

bool ShellController::isOnline() const
{
    return fact_.state == ConnectionState::Online;
}

void ShellController::setSettingsOpen(bool open)
{
    settingsOpen_ = open;
    Q_EMIT changed();
}

void ShellController::setDetailsOpen(bool open)
{
    detailsOpen_ = open;
    Q_EMIT changed();
}

void ShellController::act()
{
    if (account_ != nullptr)
        account_->lookedAt();
    else
        Q_EMIT retryWanted();
}

void ShellController::readOnly()
{
    if (std::exchange(note_, {}).words.isEmpty())
        dismissed_ = true;
    Q_EMIT changed();
}

void ShellController::storeStopped(const Error&)
{
    storeStopped_ = true;
    dismissed_ = false;
    show();
}

void ShellController::connectionChanged(const net::ConnectionFact& fact)
{
    if (fact.state != fact_.state)
        dismissed_ = false;
    fact_ = fact;
    if (!isOnline())
        live_.forget();
    const bool passing = fact.state == ConnectionState::Connecting || fact.state == ConnectionState::CatchingUp ||
                         fact.state == ConnectionState::Stopped;
    if (!passing) {
        patienceTimer_.reset();
        waitedLong_ = false;
    } else if (!patienceTimer_) {
        patienceTimer_ = timers_.after(patience, [this] {
            waitedLong_ = true;
            countBehind();
            show();
        });
    }
    countBehind();
    show();
}

void ShellController::countBehind()
{
    if (fact_.state != ConnectionState::CatchingUp)
        return;
    auto answer = account_->reader().read<std::uint64_t>([](StoreReads& reads) -> Result<std::uint64_t> {
        KITH_TRY(const auto chats, reads.conversations.page(0, ConversationList::maxWindow));
        std::uint64_t behind = 0;
        for (const Conversation& chat : chats)
            behind += chat.head > chat.cursor ? chat.head.value() - chat.cursor.value() : 0;
        return behind;
    });
    whenDone(this, answer, [this](const Result<std::uint64_t>& behind) {
        behind_ = behind.ok() ? behind.value() : 0;
        show();
    });
}

void ShellController::show()
{
    const QString host = hostOf(account_->self());
    const bool passing = fact_.state == ConnectionState::Connecting || fact_.state == ConnectionState::CatchingUp ||
                         fact_.state == ConnectionState::Stopped;
    banner_ = passing && !waitedLong_ ? Notice{} : bannerFor(fact_.state, host, behind_);
    trouble_ = troubleFor(fact_.state, host);
    if (storeStopped_) {
        banner_ = {QStringLiteral("disk"),
                   {},
                   ShellController::tr("Nothing new is stored: the disk is full or failing."),
                   {},
                   false,
                   true};
        trouble_ = {QStringLiteral("disk"),
                    ShellController::tr("Kith can't store anything more"),
                    ShellController::tr(
                        "The disk is full or failing. What was stored before is safe and can be read. Make room, then "
                        "start Kith again; messages that arrive meanwhile wait on the server."),
                    {},
                    false,
                    true,
                    true};
    }
    Q_EMIT changed();
}

} // namespace kith
