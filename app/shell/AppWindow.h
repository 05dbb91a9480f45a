#pragma once
/// The window: loads the QML of Kith and hands it the controllers. Owned by the composition root; the controllers
/// outlive it. Thread: the GUI thread.

#include "core/base/Result.h"

#include <QObject>

#include <memory>

class QQmlApplicationEngine;
class QQuickWindow;

namespace kith
{

class AppearanceController;
class ChatController;
class ConversationsController;
class OnboardingController;
class ShellController;
class Strings;
class UnlockController;

struct AppParts {
    ShellController* shell = nullptr;
    AppearanceController* appearance = nullptr;
    Strings* strings = nullptr;
    OnboardingController* onboarding = nullptr;
    UnlockController* unlock = nullptr;
    ConversationsController* conversations = nullptr; ///< These two are null before there is an account.
    ChatController* chat = nullptr;
};

class AppWindow
{
public:
    explicit AppWindow(const AppParts& parts);
    ~AppWindow();
    AppWindow(const AppWindow&) = delete;
    AppWindow& operator=(const AppWindow&) = delete;

    /// There is an account now; before the shell shows chats.
    void setAccount(ConversationsController& conversations, ChatController& chat);
    /// Null if the QML could not be loaded, which is a broken installation; Qt has said why.
    [[nodiscard]] QQuickWindow* window() const { return window_; }

private:
    std::unique_ptr<QQmlApplicationEngine> engine_;
    QQuickWindow* window_ = nullptr;
};

/// The font of the interface: the system's, or Inter where the platform has none worth the name.
void chooseFont();

} // namespace kith
