// kith-cli where something is newer than itself: exit code 8, words that say what to update, and nothing lost.
#include "core/crypto/SodiumRandom.h"
#include "core/store/PassphraseVault.h"
#include "core/store/sqlite/Database.h"
#include "tests/e2e/CliProfile.h"
#include "tests/e2e/NewerServer.h"

#include <QFile>

using namespace kith;
using namespace kith::test;

namespace
{

constexpr int tooNew = 8;

class Cli : public CliProfile
{
public:
    Ran registerOn(const KithdProcess& kithd)
    {
        return registerAs(QStringLiteral("ana"), kithd.serving()[QStringLiteral("invite")].toString());
    }
    /// A later version of Kith has used the store.
    void makeStoreNewer(int by)
    {
        SodiumRandom random;
        PassphraseVault vault(profile().toStdString() + "/keys", SecretBytes::copyOf("a passphrase"),
                              PasswordHashParameters::desktop(random), random);
        QFile id(profile() + QStringLiteral("/profile.id"));
        QVERIFY(id.open(QIODevice::ReadOnly));
        const auto key = vault.load("database-" + id.readAll().trimmed().toStdString());
        QVERIFY(key.ok());
        const auto database = sqlite::Database::open(
            {profile().toStdString() + "/kith.db", sqlite::Access::ReadWrite, {}}, SecretBytes::copyOf(*key));
        QVERIFY(database.ok());
        const auto version = (*database)->userVersion();
        QVERIFY(version.ok());
        QVERIFY((*database)->execute("PRAGMA user_version = " + std::to_string(*version + by)).ok());
    }
};

} // namespace

class NewerVersionsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aServerOfALaterTime()
    {
        QTemporaryDir dir;
        Cli ana;
        std::uint16_t port = 0;
        {
            const KithdProcess kithd({QStringLiteral("--plain")}, dir.path());
            port = kithd.port();
            QCOMPARE(ana.registerOn(kithd).code, 0);
        }
        {
            const NewerServer newer(port);
            QVERIFY(newer.listens);
            const Ran ran = ana.run({QStringLiteral("status")});
            QCOMPARE(ran.code, tooNew);
            QCOMPARE(ran.answer[QStringLiteral("code")].toString(), QStringLiteral("session/newer_protocol"));
            QVERIFY2(ran.errors.contains(QStringLiteral("update Kith")), qPrintable(ran.errors));
            Cli eve;
            const QString server = QStringLiteral("http://127.0.0.1:%1").arg(port);
            QCOMPARE(eve.run({QStringLiteral("register"), QStringLiteral("--server"), server, QStringLiteral("--name"),
                              QStringLiteral("eve")})
                         .code,
                     tooNew);
        }
        const KithdProcess again({QStringLiteral("--plain")}, dir.path(), QStringLiteral("127.0.0.1:%1").arg(port));
        QCOMPARE(ana.run({QStringLiteral("status")}).code, 0);
    }
    void aStoreOfALaterTime()
    {
        const KithdProcess kithd;
        Cli ana;
        QCOMPARE(ana.registerOn(kithd).code, 0);
        ana.makeStoreNewer(7);
        const auto bytes = [&] {
            QFile file(ana.profile() + QStringLiteral("/kith.db"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const QByteArray before = bytes();
        for (const char* command : {"status", "list"}) {
            const Ran ran = ana.run({QString::fromLatin1(command)});
            QCOMPARE(ran.code, tooNew);
            QVERIFY2(ran.errors.contains(QStringLiteral("newer version of Kith")), qPrintable(ran.errors));
        }
        QVERIFY(!before.isEmpty());
        QCOMPARE(bytes(), before);
        ana.makeStoreNewer(-7);
        QCOMPARE(ana.run({QStringLiteral("status")}).code, 0);
    }
};

QTEST_GUILESS_MAIN(NewerVersionsTest)
#include "NewerVersionsTest.moc"
