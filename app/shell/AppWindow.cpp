#include "app/shell/AppWindow.h"

#include "app/shell/QmlTypes.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QtQml/qqmlextensionplugin.h>

Q_IMPORT_QML_PLUGIN(Kith_AppPlugin)
Q_IMPORT_QML_PLUGIN(Kith_ThemePlugin)
Q_IMPORT_QML_PLUGIN(Kith_IconsPlugin)
Q_IMPORT_QML_PLUGIN(Kith_ControlsPlugin)
Q_IMPORT_QML_PLUGIN(Kith_ConversationsPlugin)
Q_IMPORT_QML_PLUGIN(Kith_ChatPlugin)
Q_IMPORT_QML_PLUGIN(Kith_OnboardingPlugin)
Q_IMPORT_QML_PLUGIN(Kith_SettingsPlugin)
Q_IMPORT_QML_PLUGIN(Kith_ShellPlugin)

namespace kith
{

AppWindow::AppWindow(const AppParts& parts) : engine_(std::make_unique<QQmlApplicationEngine>())
{
    engine_->addImportPath(QStringLiteral(":/qt/qml"));
    engine_->setProperty("strings", QVariant::fromValue(parts.strings));
    engine_->setInitialProperties({{QStringLiteral("shell"), QVariant::fromValue(parts.shell)},
                                   {QStringLiteral("appearance"), QVariant::fromValue(parts.appearance)},
                                   {QStringLiteral("onboarding"), QVariant::fromValue(parts.onboarding)},
                                   {QStringLiteral("unlock"), QVariant::fromValue(parts.unlock)},
                                   {QStringLiteral("conversations"), QVariant::fromValue(parts.conversations)},
                                   {QStringLiteral("chat"), QVariant::fromValue(parts.chat)}});
    engine_->load(QUrl(QStringLiteral("qrc:/qt/qml/Kith/Shell/Main.qml")));
    if (!engine_->rootObjects().isEmpty())
        window_ = qobject_cast<QQuickWindow*>(engine_->rootObjects().constFirst());
}

AppWindow::~AppWindow() = default;

void AppWindow::setAccount(ConversationsController& conversations, ChatController& chat)
{
    if (window_ == nullptr)
        return;
    window_->setProperty("conversations", QVariant::fromValue(&conversations));
    window_->setProperty("chat", QVariant::fromValue(&chat));
}

void chooseFont()
{
    const QString family = QFontInfo(QGuiApplication::font()).family();
    const bool poor = family.startsWith(QStringLiteral("DejaVu")) || family.startsWith(QStringLiteral("Bitstream")) ||
                      family.startsWith(QStringLiteral("Liberation")) || family.isEmpty();
    const QString inter = QStringLiteral("Inter");
    if (poor && QFontDatabase::families().contains(inter))
        QGuiApplication::setFont(QFont(inter));
}

} // namespace kith
