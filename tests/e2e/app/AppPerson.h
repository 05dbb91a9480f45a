#pragma once
/// A person at the real window of Kith, over the real engine and a profile on disk: starts it, ends it, starts it
/// again, and acts in it by what is shown (docs/guides/ui-tests.md). Owned by the test. Thread: the GUI thread.

#include "app/App.h"
#include "tests/support/app/Screen.h"
#include "tests/support/base/MemoryKeyVault.h"

#include <QTemporaryDir>

#include <memory>

namespace kith::test
{

class AppPerson
{
public:
    /// `keychain` null: a machine without one.
    explicit AppPerson(QString name, KeyVault* keychain = nullptr);

    [[nodiscard]] bool starts(const QString& link = {});
    void ends();

    /// From the welcome page to the list of chats, under `passphrase`.
    [[nodiscard]] bool registersBy(const QString& invite, const QString& passphrase);
    [[nodiscard]] bool opensWith(const QString& passphrase);
    /// Finds somebody new by their handle.
    [[nodiscard]] bool begins(const QString& handle);
    [[nodiscard]] bool accepts(const QString& handle);
    /// In the chat that is open.
    [[nodiscard]] bool writes(const QString& text);
    [[nodiscard]] bool hears(const QString& text);
    /// The own message's mark, as it is spoken: "sent", "delivered", "read".
    [[nodiscard]] bool sees(const QString& text, const QString& mark);

    [[nodiscard]] const Screen& screen() const { return *screen_; }
    [[nodiscard]] QQuickWindow* window() const { return app_->window(); }
    [[nodiscard]] QString directory() const { return folder_.path() + QStringLiteral("/profile"); }

private:
    QString name_;
    QTemporaryDir folder_;
    MemoryKeyVault none_;
    KeyVault* keychain_;
    std::unique_ptr<App> app_;
    std::unique_ptr<Screen> screen_;
};

} // namespace kith::test
