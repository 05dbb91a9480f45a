#include "app/offline/OfflineApp.h"

#include "core/base/WhenDone.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QQuickWindow>
#include <QTimer>

namespace kith::offline
{
namespace
{

/// Without a change of any model for this long, everything has been drawn.
constexpr int quietMs = 30;

} // namespace

OfflineApp::OfflineApp(OfflineWorld& world, bool signedIn, const SystemLook& look, const QLocale& locale)
    : world_(world), settings_(folder_.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat),
      appearance_(settings_, look), strings_(world.clock(), locale, QTimeZone::utc()), onboarding_(world.signUp()),
      shell_(world.time(), live_)
{
    if (!signedIn) {
        shell_.showWelcome();
        return;
    }
    conversations_.emplace(world.account(), executor_, live_);
    chat_.emplace(world.account(), executor_, world.time(), live_, QTimeZone::utc());
    QObject::connect(&*conversations_, &ConversationsController::opened, &*chat_, &ChatController::openChat);
    QObject::connect(&*conversations_, &ConversationsController::closed, &*chat_, &ChatController::closeChat);
    QObject::connect(&*chat_, &ChatController::left, &*conversations_, &ConversationsController::deselect);
    shell_.enter(world.account());
}

bool OfflineApp::show()
{
    window_.emplace(AppParts{&shell_, &appearance_, &strings_, &onboarding_, &unlock_,
                             conversations_ ? &*conversations_ : nullptr, chat_ ? &*chat_ : nullptr});
    return window_->window() != nullptr;
}

void OfflineApp::open(const Person& person)
{
    conversations_->select(QString::fromStdString(person.log.hex()));
}

void OfflineApp::settle(Millis by)
{
    world_.time().pass(by);
    QEventLoop loop;
    QTimer quiet;
    quiet.setSingleShot(true);
    quiet.setInterval(quietMs);
    // Quiet may only mean that the reader is slow: it is asked, and answers after all that it was asked before.
    int questions = 3;
    QObject::connect(&quiet, &QTimer::timeout, &loop, [&] {
        if (questions-- == 0)
            return loop.quit();
        auto nothing = world_.account().reader().read<bool>([](StoreReads&) -> Result<bool> { return true; });
        whenDone(&loop, nothing, [&quiet](const Result<bool>&) { quiet.start(); });
    });
    const auto stir = [&quiet] { quiet.start(); };
    if (conversations_) {
        QObject::connect(conversations_->list(), &ConversationListModel::listChanged, &quiet, stir);
        QObject::connect(chat_->timeline(), &TimelineModel::windowChanged, &quiet, stir);
        QObject::connect(&*chat_, &ChatController::changed, &quiet, stir);
    }
    QObject::connect(&shell_, &ShellController::changed, &quiet, stir);
    quiet.start();
    loop.exec();
}

} // namespace kith::offline
