#include "core/session/Profile.h"

#include "core/crypto/Hash.h"
#include "tests/support/base/MemoryKeyVault.h"
#include "tests/support/base/SeededRandom.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using namespace kith::test;

namespace
{

/// A profile directory and the keychain of the machine that it lies on.
class Folder
{
public:
    Folder() : path(home_.filePath(QStringLiteral("profile"))) {}

    Result<std::unique_ptr<Profile>> open(Profile::Missing missing = Profile::Missing::Refuse)
    {
        return Profile::open(path.toStdString(), vault, random_, missing);
    }
    /// Made, given an account, and closed.
    bool make()
    {
        const auto profile = open(Profile::Missing::Create);
        if (!profile)
            return false;
        OwnAccount account;
        account.user = random_.id<UserId>();
        account.device = random_.id<DeviceId>();
        account.handle = "ana";
        return (*profile)->store().account().save(account).ok();
    }
    std::string handle()
    {
        const auto profile = open();
        if (!profile)
            return profile.error().describe();
        const auto account = (*profile)->store().account().load();
        return account && *account ? (*account)->handle : std::string("nobody");
    }
    [[nodiscard]] QString file(const char* name) const { return path + QLatin1Char('/') + QLatin1String(name); }
    [[nodiscard]] QString beside(const char* name) const { return home_.filePath(QLatin1String(name)); }

    MemoryKeyVault vault;

private:
    QTemporaryDir home_;
    SeededRandom random_{5};

public:
    QString path;
};

bool copyFolder(const QString& from, const QString& to)
{
    bool copied = QDir().mkpath(to);
    for (const QString& name : QDir(from).entryList(QDir::Files))
        copied = copied && QFile::copy(from + QLatin1Char('/') + name, to + QLatin1Char('/') + name);
    return copied;
}

} // namespace

class ProfileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aMovedFolderOpensWithTheSameKeychain()
    {
        Folder folder;
        QVERIFY(folder.make());
        const QString moved = folder.beside("elsewhere");
        QVERIFY(QDir().rename(folder.path, moved));
        folder.path = moved;
        QCOMPARE(folder.handle(), std::string("ana"));
        QCOMPARE(folder.vault.keys.size(), 2U); // key and stamp, as before
    }
    void twoProfilesShareNothing()
    {
        Folder folder;
        QVERIFY(folder.make());
        folder.path = folder.beside("second");
        QVERIFY(folder.make());
        QCOMPARE(folder.vault.keys.size(), 4U);
    }
    /// A copy beside it has the same id, so the keychain's stamp tells the older of the two.
    void aCopyOnTheSameMachineIsNoticed()
    {
        Folder folder;
        QVERIFY(folder.make());
        QVERIFY(copyFolder(folder.path, folder.beside("copy")));
        QCOMPARE(folder.handle(), std::string("ana"));
        folder.path = folder.beside("copy");
        const auto opened = folder.open();
        QVERIFY(!opened && opened.error().is(SessionError::OldCopy));
    }
    /// Profiles from before profile.id went by where they lie.
    void anOlderProfileOpensAndGetsItsId()
    {
        Folder folder;
        QVERIFY(folder.make());
        QFile id(folder.file("profile.id"));
        QVERIFY(id.open(QIODevice::ReadOnly));
        const std::string now = "database-" + id.readLine().trimmed().toStdString();
        const std::string then = "database-" + toHex(sha256(folder.path.toStdString()).view().substr(0, 16));
        folder.vault.keys = {{then, folder.vault.keys.at(now)},
                             {then + ".state", folder.vault.keys.at(now + ".state")}};
        QVERIFY(id.remove());
        QCOMPARE(folder.handle(), std::string("ana"));
        const QString moved = folder.beside("elsewhere");
        QVERIFY(QDir().rename(folder.path, moved));
        folder.path = moved;
        QCOMPARE(folder.handle(), std::string("ana"));
    }
    void anEmptyDatabaseIsDamaged_data()
    {
        QTest::addColumn<bool>("there");
        QTest::newRow("empty") << true;
        QTest::newRow("missing") << false;
    }
    void anEmptyDatabaseIsDamaged()
    {
        QFETCH(const bool, there);
        Folder folder;
        QVERIFY(folder.make());
        QFile database(folder.file("kith.db"));
        QVERIFY(there ? database.resize(0) : database.remove());
        const auto keys = folder.vault.keys;
        for (const auto missing : {Profile::Missing::Refuse, Profile::Missing::Create}) {
            const auto opened = folder.open(missing);
            QVERIFY(!opened && opened.error().is(StoreError::Damaged));
            QVERIFY(opened.error().detail.find(there ? "is empty" : "is missing") != std::string::npos);
        }
        QCOMPARE(database.exists(), there);
        QCOMPARE(database.size(), 0);
        QVERIFY(folder.vault.keys == keys);
    }
    /// What a crash leaves before the database stood is no loss: registering goes on with it.
    void anInterruptedFirstStartIsNoDamage()
    {
        Folder folder;
        QVERIFY(folder.make());
        QVERIFY(QFile(folder.file("kith.db")).resize(0));
        std::erase_if(folder.vault.keys, [](const auto& key) { return key.first.ends_with(".state"); });
        const auto refused = folder.open();
        QVERIFY(!refused && refused.error().is(SessionError::NotRegistered));
        QVERIFY(folder.open(Profile::Missing::Create).ok());
        QCOMPARE(folder.vault.keys.size(), 2U);
    }
    void aDamagedIdIsSaid()
    {
        Folder folder;
        QVERIFY(folder.make());
        QVERIFY(QFile(folder.file("profile.id")).resize(5));
        const auto opened = folder.open(Profile::Missing::Create);
        QVERIFY(!opened && opened.error().is(StoreError::Damaged));
        QVERIFY(opened.error().detail.find("profile.id") != std::string::npos);
    }
    void noProfileIsNotMadeByLooking()
    {
        Folder folder;
        const auto opened = folder.open();
        QVERIFY(!opened && opened.error().is(SessionError::NotRegistered));
        QVERIFY(!QDir(folder.path).exists());
        QVERIFY(folder.vault.keys.empty());
    }
};

QTEST_GUILESS_MAIN(ProfileTest)
#include "ProfileTest.moc"
