#pragma once
/// The real window, models and controllers over an OfflineWorld. Owned by kith-offline and by tests. Thread: the GUI
/// thread.

#include "app/chat/ChatController.h"
#include "app/conversations/ConversationsController.h"
#include "app/offline/OfflineWorld.h"
#include "app/onboarding/OnboardingController.h"
#include "app/onboarding/UnlockController.h"
#include "app/settings/AppearanceController.h"
#include "app/shell/AppWindow.h"
#include "app/shell/GuiExecutor.h"
#include "app/shell/ShellController.h"
#include "app/shell/Strings.h"

#include <QSettings>
#include <QTemporaryDir>

#include <optional>

namespace kith::offline
{

class OfflineApp
{
public:
    /// `signedIn` false: first run. The world outlives it.
    OfflineApp(OfflineWorld& world, bool signedIn, const SystemLook& look, const QLocale& locale);

    [[nodiscard]] bool show();
    [[nodiscard]] QQuickWindow* window() const { return window_->window(); }
    /// Lets the world's time pass, and the models follow, until nothing moves any more.
    void settle(Millis by = Millis{0});

    [[nodiscard]] OfflineWorld& world() { return world_; }
    [[nodiscard]] ShellController& shell() { return shell_; }
    [[nodiscard]] AppearanceController& appearance() { return appearance_; }
    [[nodiscard]] OnboardingController& onboarding() { return onboarding_; }
    [[nodiscard]] UnlockController& unlock() { return unlock_; }
    [[nodiscard]] ConversationsController& conversations() { return *conversations_; }
    [[nodiscard]] ChatController& chat() { return *chat_; }

    void open(const Person& person);

private:
    OfflineWorld& world_;
    GuiExecutor executor_;
    LiveFacts live_;
    QTemporaryDir folder_;
    QSettings settings_;
    AppearanceController appearance_;
    Strings strings_;
    OnboardingController onboarding_;
    UnlockController unlock_;
    std::optional<ConversationsController> conversations_;
    std::optional<ChatController> chat_;
    ShellController shell_;
    std::optional<AppWindow> window_;
};

} // namespace kith::offline
