#include "app/App.h"
#include "core/session/LocalSession.h"
#include "core/store/sqlite/Database.h"
#include "tests/support/app/Screen.h"
#include "tests/support/base/MemoryKeyVault.h"

#include <QFile>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;

namespace
{

QString text(const char* words)
{
    return QString::fromLatin1(words);
}

} // namespace

/// What stands in the way of a profile is a page with words and what to do, and goes when it was done.
class OpeningTest : public QObject
{
    Q_OBJECT

    QTemporaryDir folder_;
    int profiles_ = 0;
    test::MemoryKeyVault keychain_;

    QString fresh() { return folder_.filePath(QString::number(++profiles_)); }
    std::unique_ptr<LocalSession> makeProfile(const QString& directory, std::optional<std::string> passphrase = {})
    {
        LocalProfile wanted;
        wanted.directory = directory.toStdString();
        wanted.passphrase = std::move(passphrase);
        wanted.keychain = &keychain_;
        wanted.create = true;
        auto made = LocalSession::open(std::move(wanted), {});
        if (!made)
            qFatal("%s", made.error().describe().c_str());
        return std::move(*made);
    }
    App::Options at(const QString& directory, const QString& link = {})
    {
        return {directory, link, keychain_, {}, QLocale(text("en_GB")), QTimeZone::utc()};
    }

private Q_SLOTS:
    void cleanup() { keychain_.failure.reset(); }

    void nothingThereIsFirstRun()
    {
        App app(at(fresh()));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Button, text("I have an invite")));
    }
    void aLinkGoesToTheAccount()
    {
        App app(at(fresh(), text("kith://kith.example/i#t=abc")));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.says(text("This is not a whole invite link.")));
    }
    void aProfileInUseOpensWhenItIsFree()
    {
        const QString directory = fresh();
        auto other = makeProfile(directory);
        App app(at(directory));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Heading, text("Kith is already open")));
        screen.picture(text("trouble-busy"));
        other.reset();
        QVERIFY(screen.press(text("Try again")));
        // Nobody had registered in it.
        QVERIFY(screen.shows(QAccessible::Button, text("I have an invite")));
    }
    void aClosedKeychainIsSaid()
    {
        const QString directory = fresh();
        (void)makeProfile(directory);
        keychain_.failure = Error::make(KeyVaultError::Unavailable, "the keychain is locked");
        App app(at(directory));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Heading, text("The keychain is closed")));
    }
    void aLostKeyIsSaid()
    {
        const QString directory = fresh();
        (void)makeProfile(directory);
        keychain_.keys.clear();
        App app(at(directory));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Heading, text("The key is missing")));
        QVERIFY(screen.says(text("kith --profile NAME")));
        screen.picture(text("trouble-lost-key"));
    }
    void aDamagedDatabaseIsSaidAndLeftAlone()
    {
        const QString directory = fresh();
        (void)makeProfile(directory);
        QFile database(directory + text("/kith.db"));
        QVERIFY(database.open(QFile::ReadWrite));
        const QByteArray garbage(static_cast<int>(database.size()), 'x');
        QVERIFY(database.seek(0) && database.write(garbage) == garbage.size());
        database.close();
        App app(at(directory));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Button, text("Try again")));
        QVERIFY(screen.says(directory));
        QVERIFY(database.open(QFile::ReadOnly));
        QCOMPARE(database.readAll(), garbage);
        screen.picture(text("trouble-damaged"));
    }
    void aNewerStoreIsLeftAlone()
    {
        const QString directory = fresh();
        (void)makeProfile(directory);
        {
            const std::string path = (directory + text("/kith.db")).toStdString();
            QVERIFY(!keychain_.keys.empty());
            bool raised = false;
            for (const auto& [name, key] : keychain_.keys) {
                auto database = sqlite::Database::open({path, sqlite::Access::ReadWrite, {}}, SecretBytes::copyOf(key));
                raised = raised || (database.ok() && (*database)->execute("PRAGMA user_version = 1000000").ok());
            }
            QVERIFY(raised);
        }
        App app(at(directory));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Heading, text("Kith must be updated")));
    }
    void aWrongPassphraseIsSaidInItsPlace()
    {
        const QString directory = fresh();
        (void)makeProfile(directory, "corner lamp velvet nine");
        App app(at(directory));
        QVERIFY(app.show());
        const test::Screen screen(app.window());
        QVERIFY(screen.shows(QAccessible::Heading, text("Open your messages")));
        QVERIFY(screen.type(text("Passphrase"), text("corner lamp")));
        screen.key(Qt::Key_Return);
        QVERIFY(screen.says(text("This passphrase does not open your messages.")));
        QVERIFY(screen.type(text("Passphrase"), text("corner lamp velvet nine")));
        screen.key(Qt::Key_Return);
        QVERIFY(screen.shows(QAccessible::Button, text("I have an invite")));
    }
};

QTEST_MAIN(OpeningTest)
#include "OpeningTest.moc"
