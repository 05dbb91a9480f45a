#include "platform/KeychainVault.h"

#include <QTest>

using namespace kith;

/// Without a session bus there is no keychain: that is said in words and in time, and nothing is written anywhere.
class KeychainVaultTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anAbsentKeychainIsUnavailableInWords()
    {
        KeychainVault vault("kith-test", Millis{10'000});
        const auto loaded = vault.load("profile");
        QVERIFY(!loaded.ok());
        QVERIFY2(loaded.error().is(KeyVaultError::Unavailable), loaded.error().describe().c_str());
        QVERIFY(loaded.error().detail.find("passphrase") != std::string::npos);
        const auto saved = vault.save("profile", Bytes(32, 'k'));
        QVERIFY(!saved.ok());
        QVERIFY2(saved.error().is(KeyVaultError::Unavailable), saved.error().describe().c_str());
        QVERIFY(!vault.remove("profile").ok());
    }
    void aKeyHas32Octets()
    {
        QVERIFY(KeychainVault("kith-test").save("profile", "short").error().is(KeyVaultError::Damaged));
    }
};

int main(int argc, char** argv)
{
    // A bus that nobody answers on, wherever the test runs.
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/kith-test-bus");
    QCoreApplication application(argc, argv);
    KeychainVaultTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "KeychainVaultTest.moc"
