#include "app/App.h"

#include "app/shell/Troubles.h"
#include "core/base/WhenDone.h"

#include <QDir>

namespace kith
{
namespace
{

QString placeKey()
{
    return QStringLiteral("place/chat");
}

} // namespace

App::App(const Options& options)
    : directory_(options.directory), link_(options.link), engine_({directory_.toStdString(), options.keychain}),
      settings_(QDir(directory_).filePath(QStringLiteral("settings.ini")), QSettings::IniFormat),
      appearance_(settings_, options.look), strings_(clock_, options.locale, options.zone), zone_(options.zone),
      onboarding_(engine_), shell_(timers_, live_)
{
    connect(&shell_, &ShellController::retryWanted, this, &App::begin);
    connect(&unlock_, &UnlockController::tried, this, [this](const std::string& passphrase) { open(passphrase); });
    connect(&onboarding_, &OnboardingController::signedUp, this, &App::enter);
}

bool App::show()
{
    window_.emplace(AppParts{&shell_, &appearance_, &strings_, &onboarding_, &unlock_, nullptr, nullptr});
    if (window_->window() == nullptr)
        return false;
    // Not within the call: a page made before the window has its size is laid out for another one, without names.
    QMetaObject::invokeMethod(this, &App::begin, Qt::QueuedConnection);
    return true;
}

void App::begin()
{
    switch (engine_.find()) {
    case LocalEngine::Found::Nothing:
        return welcome();
    case LocalEngine::Found::Passphrase:
        return shell_.showUnlock();
    case LocalEngine::Found::Keychain:
        shell_.showOpening();
        return open(std::nullopt);
    }
}

void App::open(std::optional<std::string> passphrase)
{
    whenDone(this, engine_.open(std::move(passphrase)), [this](const Result<LocalEngine::Opened>& opened) {
        if (!opened)
            return refused(opened.error());
        unlock_.finished();
        if (*opened == LocalEngine::Opened::SignedIn)
            enter();
        else
            welcome();
    });
}

void App::refused(const Error& error)
{
    if (error.is(KeyVaultError::WrongSecret))
        return unlock_.refused();
    unlock_.finished();
    shell_.showTrouble(openingTrouble(error, directory_));
}

void App::welcome()
{
    if (!link_.isEmpty())
        onboarding_.openLink(link_);
    shell_.showWelcome();
}

void App::enter()
{
    Account& account = *engine_.account();
    conversations_.emplace(account, executor_, live_);
    chat_.emplace(account, executor_, timers_, live_, zone_);
    connect(&*conversations_, &ConversationsController::opened, &*chat_, &ChatController::openChat);
    connect(&*conversations_, &ConversationsController::closed, &*chat_, &ChatController::closeChat);
    connect(&*chat_, &ChatController::left, &*conversations_, &ConversationsController::deselect);
    connect(&*conversations_, &ConversationsController::opened, this,
            [this](const LogId& chat) { settings_.setValue(placeKey(), QString::fromStdString(chat.hex())); });
    connect(&*conversations_, &ConversationsController::closed, this, [this] { settings_.remove(placeKey()); });
    window_->setAccount(*conversations_, *chat_);
    // An invite that made this very account was used.
    const bool unused = !std::exchange(link_, {}).isEmpty() && onboarding_.step() == QStringLiteral("welcome");
    shell_.enter(account, unused ? unusedInvite(conversations_->ownHandle()) : Notice{});
    restorePlace();
}

void App::restorePlace()
{
    const auto place = LogId::fromHex(settings_.value(placeKey()).toString().toStdString());
    if (!place)
        return;
    auto found = engine_.account()->reader().read<bool>([place](StoreReads& reads) -> Result<bool> {
        KITH_TRY(const auto chat, reads.conversations.find(*place));
        return chat.has_value() && chat->request != RequestState::Declined;
    });
    whenDone(this, found, [this, place](const Result<bool>& known) {
        if (known && *known && conversations_->selected().isEmpty())
            conversations_->select(QString::fromStdString(place->hex()));
    });
}

} // namespace kith
