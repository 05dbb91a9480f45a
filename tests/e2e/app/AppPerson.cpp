#include "tests/e2e/app/AppPerson.h"

#include <QQuickWindow>
#include <QTest>

namespace kith::test
{

AppPerson::AppPerson(QString name, KeyVault* keychain)
    : name_(std::move(name)), keychain_(keychain != nullptr ? keychain : &none_)
{
    none_.failure = Error::make(KeyVaultError::Unavailable, "there is no keychain here");
}

bool AppPerson::starts(const QString& link)
{
    ends();
    app_ = std::make_unique<App>(
        App::Options{directory(), link, *keychain_, {}, QLocale(QStringLiteral("en_GB")), QTimeZone::utc()});
    if (!app_->show())
        return false;
    screen_ = std::make_unique<Screen>(app_->window());
    return true;
}

void AppPerson::ends()
{
    screen_.reset();
    app_.reset();
}

bool AppPerson::registersBy(const QString& invite, const QString& passphrase)
{
    const Screen& screen = *screen_;
    screen.picture(name_ + QStringLiteral("-1-welcome"));
    if (!screen.press(QStringLiteral("I have an invite")) || !screen.type(QStringLiteral("Invite link"), invite))
        return false;
    screen.picture(name_ + QStringLiteral("-2-invite"));
    if (!screen.press(QStringLiteral("Continue")) || !screen.type(QStringLiteral("Your name on this server"), name_))
        return false;
    screen.picture(name_ + QStringLiteral("-3-name"));
    if (!screen.press(QStringLiteral("Continue")) || !screen.type(QStringLiteral("Passphrase"), passphrase))
        return false;
    screen.picture(name_ + QStringLiteral("-4-key"));
    if (!screen.press(QStringLiteral("Create account")) || !screen.shows(QAccessible::Heading, QStringLiteral("Kith")))
        return false;
    const bool there = screen.says(QStringLiteral("Nobody here yet"));
    screen.picture(name_ + QStringLiteral("-5-list"));
    return there;
}

bool AppPerson::opensWith(const QString& passphrase)
{
    return screen_->type(QStringLiteral("Passphrase"), passphrase) && screen_->press(QStringLiteral("Open")) &&
           screen_->shows(QAccessible::Heading, QStringLiteral("Kith"));
}

bool AppPerson::begins(const QString& handle)
{
    return screen_->type(QStringLiteral("Search or start a chat"), handle) &&
           screen_->press(QStringLiteral("Find @") + handle) &&
           screen_->shows(QAccessible::EditableText, QStringLiteral("Message ") + handle);
}

bool AppPerson::accepts(const QString& handle)
{
    return screen_->press(QStringLiteral("Message requests")) && screen_->choose(handle) &&
           screen_->press(QStringLiteral("Accept")) && screen_->type(QStringLiteral("Message ") + handle, {});
}

bool AppPerson::writes(const QString& text)
{
    screen_->activate();
    for (const QChar letter : text)
        QTest::keyClick(window(), letter.toLatin1());
    screen_->key(Qt::Key_Return);
    return screen_->says(QStringLiteral("You, "));
}

bool AppPerson::hears(const QString& text)
{
    return screen_->shows(QAccessible::ListItem, {}) && screen_->says(text);
}

bool AppPerson::sees(const QString& text, const QString& mark)
{
    return screen_->says(text + QStringLiteral(", ") + mark);
}

} // namespace kith::test
