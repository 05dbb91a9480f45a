#include "core/store/PassphraseVault.h"

#include "core/store/AtomicFile.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/store/Rows.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using namespace kith::test;

class PassphraseVaultTest : public QObject
{
    Q_OBJECT

    SeededRandom random_{5};
    QTemporaryDir folder_;

    /// Cheap: what is tested is not the price.
    PassphraseVault vault(const char* passphrase)
    {
        PasswordHashParameters parameters;
        parameters.passes = 1;
        parameters.memoryKiB = 64;
        parameters.salt = *PasswordSalt::fromBytes(random_.bytes(PasswordSalt::size));
        return PassphraseVault(folder_.path().toStdString(), SecretBytes::copyOf(passphrase), parameters, random_);
    }
    std::string fileOf(const char* name) { return folder_.path().toStdString() + "/" + name + ".key"; }

private Q_SLOTS:
    void keysComeBack()
    {
        const Bytes key = random_.bytes(32);
        const Bytes other = random_.bytes(32);
        auto first = vault("correct horse");
        KITH_VERIFY_OK(first.save("profile", key));
        KITH_VERIFY_OK(first.save("profile.state", other));
        auto second = vault("correct horse");
        QCOMPARE(second.load("profile").value(), key);
        QCOMPARE(second.load("profile.state").value(), other);
        KITH_VERIFY_OK(second.save("profile", other)); // replaces
        QCOMPARE(vault("correct horse").load("profile").value(), other);
        KITH_VERIFY_OK(second.remove("profile"));
        KITH_VERIFY_FAILS(second.load("profile"), KeyVaultError::NotFound);
        KITH_VERIFY_OK(second.remove("profile"));
        // Nothing of the key lies there, nobody else may read, nothing is left beside.
        const Bytes file = readFile(fileOf("profile.state"), 4096).value().value();
        QVERIFY(file.find(other) == std::string::npos);
        QCOMPARE(QFile::permissions(QString::fromStdString(fileOf("profile.state"))) &
                     (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions{});
        QCOMPARE(QDir(folder_.path()).entryList(QDir::Files).size(), 1);
    }
    void wrongPassphraseAndDamageAreToldApart()
    {
        auto right = vault("right");
        KITH_VERIFY_OK(right.save("p", random_.bytes(32)));
        const auto refused = vault("wrong").load("p");
        KITH_VERIFY_FAILS(refused, KeyVaultError::WrongSecret);
        QVERIFY(refused.error().detail.find("nothing was changed") != std::string::npos);
        const Bytes whole = readFile(fileOf("p"), 4096).value().value();
        for (std::size_t at = 0; at < whole.size(); ++at) {
            Bytes damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ 4);
            KITH_VERIFY_OK(replaceFile(fileOf("p"), damaged));
            KITH_VERIFY_FAILS(vault("right").load("p"), KeyVaultError::Damaged);
        }
        for (const std::size_t size : {std::size_t{0}, whole.size() - 1, whole.size() + 1, std::size_t{1} << 20U}) {
            Bytes resized = whole;
            resized.resize(size);
            KITH_VERIFY_OK(replaceFile(fileOf("p"), resized));
            KITH_VERIFY_FAILS(vault("right").load("p"), KeyVaultError::Damaged);
        }
    }
    void aKeyOfAnotherNameDoesNotOpen()
    {
        auto mine = vault("same");
        KITH_VERIFY_OK(mine.save("a", random_.bytes(32)));
        const Bytes file = readFile(fileOf("a"), 4096).value().value();
        KITH_VERIFY_OK(replaceFile(fileOf("b"), file));
        KITH_VERIFY_FAILS(mine.load("b"), KeyVaultError::WrongSecret);
    }
    void namesStayInTheFolder()
    {
        auto mine = vault("x");
        for (const char* name : {"", "../evil", "a/b", ".hidden", "UPPER", "ümlaut"}) {
            KITH_VERIFY_FAILS(mine.save(name, Bytes(32, 'k')), KeyVaultError::NotFound);
            KITH_VERIFY_FAILS(mine.load(name), KeyVaultError::NotFound);
        }
        KITH_VERIFY_FAILS(mine.save("ok", Bytes(31, 'k')), KeyVaultError::Damaged);
    }
    void aFailedReplacementKeepsTheOldFile()
    {
        const std::string path = fileOf("kept");
        KITH_VERIFY_OK(replaceFile(path, "old"));
        // Something that is no file stands where the new one would be written.
        QVERIFY(QDir().mkdir(QString::fromStdString(path + ".new")));
        QVERIFY(!replaceFile(path, "new").ok());
        QCOMPARE(readFile(path, 100).value().value(), Bytes("old"));
        QVERIFY(!replaceFile(folder_.path().toStdString() + "/no/folder", "x").ok());
        QVERIFY(!readFile(folder_.path().toStdString() + "/nothing", 10).value());
        KITH_VERIFY_FAILS(readFile(path, 2), StoreError::Damaged);
    }
};

QTEST_APPLESS_MAIN(PassphraseVaultTest)
#include "PassphraseVaultTest.moc"
