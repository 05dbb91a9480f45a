/// kith: reads the command line, builds the graph, runs the window.

#include "app/App.h"
#include "core/base/Log.h"
#include "platform/KeychainVault.h"

#include <QCommandLineParser>
#include <QGuiApplication>
#include <QInputDevice>
#include <QPalette>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTextStream>

#include <algorithm>
#include <csignal>
#include <string_view>

namespace
{

using namespace kith;

constexpr int misuse = 2;
constexpr int darkBelow = 128;

int complain(const QString& words)
{
    QTextStream(stderr) << "kith: " << words << "\n";
    return misuse;
}

SystemLook systemLook()
{
    SystemLook look;
    look.dark = QGuiApplication::palette().color(QPalette::Window).lightness() < darkBelow;
    bool pointer = false;
    for (const QInputDevice* device : QInputDevice::devices()) {
        look.touch = look.touch || device->type() == QInputDevice::DeviceType::TouchScreen;
        pointer = pointer || device->type() == QInputDevice::DeviceType::Mouse ||
                  device->type() == QInputDevice::DeviceType::TouchPad;
    }
    look.touch = look.touch && !pointer;
    return look;
}

/// Hands on what the desktop changes while the window is open.
class LookWatch final : public QObject
{
public:
    explicit LookWatch(App& app) : app_(app) { qGuiApp->installEventFilter(this); }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == qGuiApp && event->type() == QEvent::ApplicationPaletteChange)
            app_.setSystemLook(systemLook());
        return false;
    }

private:
    App& app_;
};

/// Profiles lie side by side, where kith-cli keeps them too.
QString directoryOf(const QString& profile)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/kith/") + profile;
}

/// Without a display too.
bool asksForVersion(int argc, char** argv)
{
    return std::any_of(argv + 1, argv + argc,
                       [](std::string_view argument) { return argument == "--version" || argument == "-v"; });
}

} // namespace

int main(int argc, char** argv)
{
    if (asksForVersion(argc, argv)) {
        QTextStream(stdout) << "kith " KITH_VERSION "\n";
        return 0;
    }
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(QStringLiteral("kith"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Kith"));
    QGuiApplication::setApplicationVersion(QStringLiteral(KITH_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("kith"));
    setLogLevel(LogLevel::Error);
    std::signal(SIGXFSZ, SIG_IGN); // a file size limit is a failed write like any other
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Kith, a private messenger."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption profile(QStringLiteral("profile"),
                                     QStringLiteral("The person to be: one profile is one account on this device."),
                                     QStringLiteral("NAME"), QStringLiteral("default"));
    parser.addOption(profile);
    parser.addPositionalArgument(QStringLiteral("link"),
                                 QStringLiteral("An invite (kith://...) to make an account by."),
                                 QStringLiteral("[LINK]"));
    parser.process(application);

    static const QRegularExpression plainName(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"));
    if (!plainName.match(parser.value(profile)).hasMatch())
        return complain(QStringLiteral("a profile's name is made of letters, digits, dots, hyphens and underscores"));
    const QStringList links = parser.positionalArguments();
    if (links.size() > 1 || (!links.isEmpty() && !links.first().startsWith(QStringLiteral("kith://"))))
        return complain(QStringLiteral("only one invite link can be opened, and it begins with kith://"));

    chooseFont();
    KeychainVault keychain("Kith");
    App app({directoryOf(parser.value(profile)), links.value(0), keychain, systemLook(), QLocale(),
             QTimeZone::systemTimeZone()});
    const LookWatch watch(app);
    if (!app.show())
        return 1;
    return QGuiApplication::exec();
}
