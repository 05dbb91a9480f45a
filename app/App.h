#pragma once
/// Kith in a window: the graph of the program, from the profile on disk to what is drawn. Looks for the profile, asks
/// for its passphrase, makes an account or says what is in the way, and shows the chats without a restart. Owned by
/// main() and by tests. Thread: the GUI thread; the destructor ends the engine in good order.

#include "app/chat/ChatController.h"
#include "app/conversations/ConversationsController.h"
#include "app/onboarding/OnboardingController.h"
#include "app/onboarding/UnlockController.h"
#include "app/settings/AppearanceController.h"
#include "app/shell/AppWindow.h"
#include "app/shell/GuiExecutor.h"
#include "app/shell/GuiTimers.h"
#include "app/shell/ShellController.h"
#include "app/shell/Strings.h"
#include "core/base/Clock.h"
#include "core/session/LocalEngine.h"

#include <QSettings>

#include <optional>

namespace kith
{

class App : public QObject
{
public:
    struct Options {
        QString directory; ///< Of the profile; made when an account is.
        QString link;      ///< An invite that somebody opened; empty: none.
        KeyVault& keychain;
        SystemLook look;
        QLocale locale;
        QTimeZone zone;
    };

    explicit App(const Options& options);

    /// False: the window could not be loaded, and Qt has said why.
    [[nodiscard]] bool show();
    [[nodiscard]] QQuickWindow* window() const { return window_->window(); }
    void setSystemLook(const SystemLook& look) { appearance_.setSystemLook(look); }

private:
    /// By what lies in the directory: first run, passphrase, or open it.
    void begin();
    void open(std::optional<std::string> passphrase);
    void refused(const Error& error);
    void welcome();
    void enter();
    /// The chat that was open when Kith ended.
    void restorePlace();

    QString directory_;
    QString link_;
    SystemClock clock_;
    GuiTimers timers_;
    GuiExecutor executor_;
    LocalEngine engine_;
    LiveFacts live_;
    QSettings settings_;
    AppearanceController appearance_;
    Strings strings_;
    QTimeZone zone_;
    OnboardingController onboarding_;
    UnlockController unlock_;
    ShellController shell_;
    std::optional<ConversationsController> conversations_;
    std::optional<ChatController> chat_;
    std::optional<AppWindow> window_;
};

} // namespace kith
