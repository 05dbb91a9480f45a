#include "core/session/LocalEngine.h"

#include "core/session/LocalSession.h"
#include "core/store/sqlite/StoreError.h"
#include "tests/support/base/MemoryKeyVault.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;

namespace
{

using Found = LocalEngine::Found;
using Opened = LocalEngine::Opened;

const std::string passphrase = "corner lamp velvet nine";

/// Nobody listens on port 1 of this machine.
RegistrationRequest nowhere()
{
    RegistrationRequest request;
    request.server.host = "127.0.0.1";
    request.server.port = 1;
    request.server.plain = true;
    request.handle = "ana";
    return request;
}

template <class T> T waitFor(const QFuture<T>& future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 30'000))
        qFatal("no answer");
    return future.result();
}

} // namespace

class LocalEngineTest : public QObject
{
    Q_OBJECT

    QTemporaryDir folder_;
    int profiles_ = 0;
    test::MemoryKeyVault keychain_;

    std::string fresh() { return folder_.filePath(QString::number(++profiles_)).toStdString(); }
    LocalEngine::Options at(const std::string& directory) { return {directory, keychain_, Millis{300}}; }

private Q_SLOTS:
    void saysWhetherThereIsAKeychain()
    {
        LocalEngine with(at(fresh()));
        QVERIFY(waitFor(with.hasKeychain()));
        test::MemoryKeyVault none;
        none.failure = Error::make(KeyVaultError::Unavailable, "there is no keychain here");
        LocalEngine without({fresh(), none});
        QVERIFY(!waitFor(without.hasKeychain()));
    }
    /// The server is away: what was made stays, and the next try, in this run or a later one, goes on with it.
    void aSignUpThatWasBrokenOffGoesOn()
    {
        const std::string directory = fresh();
        {
            LocalEngine engine(at(directory));
            QCOMPARE(engine.find(), Found::Nothing);
            QVERIFY(!engine.keyKept());
            const auto made = waitFor(engine.createAccount(nowhere(), std::nullopt));
            QVERIFY(!made.ok());
            QVERIFY2(made.error().is(SessionError::Unreachable), made.error().describe().c_str());
            QVERIFY(engine.keyKept());
            QVERIFY(engine.account() == nullptr);
            QVERIFY(waitFor(engine.createAccount(nowhere(), std::nullopt)).error().is(SessionError::Unreachable));
        }
        LocalEngine engine(at(directory));
        QCOMPARE(engine.find(), Found::Keychain);
        const auto opened = waitFor(engine.open(std::nullopt));
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().describe().c_str());
        QCOMPARE(opened.value(), Opened::WithoutAccount);
        QVERIFY(engine.keyKept());
    }
    void aPassphraseIsTriedUntilItFits()
    {
        const std::string directory = fresh();
        {
            LocalEngine engine(at(directory));
            QVERIFY(!waitFor(engine.createAccount(nowhere(), passphrase)).ok());
        }
        LocalEngine engine(at(directory));
        QCOMPARE(engine.find(), Found::Passphrase);
        QVERIFY(waitFor(engine.open("another one")).error().is(KeyVaultError::WrongSecret));
        QVERIFY(waitFor(engine.open(passphrase)).ok());
    }
    /// Keys whose database is gone neither stand in the way of another passphrase nor are thrown away.
    void keysWithoutADatabaseAreSetAside()
    {
        const std::string directory = fresh();
        QDir profile(QString::fromStdString(directory));
        QVERIFY(profile.mkpath(QStringLiteral("keys")));
        QFile lost(profile.filePath(QStringLiteral("keys/database-0.key")));
        QVERIFY(lost.open(QFile::WriteOnly) && lost.write("old") == 3);
        lost.close();
        LocalEngine engine(at(directory));
        QCOMPARE(engine.find(), Found::Nothing);
        QVERIFY(waitFor(engine.createAccount(nowhere(), passphrase)).error().is(SessionError::Unreachable));
        QCOMPARE(engine.find(), Found::Passphrase);
        QVERIFY(QFile::exists(profile.filePath(QStringLiteral("keys.unused-1/database-0.key"))));
    }
    void theErrorsOfOpeningArriveAsTheyAre()
    {
        const std::string directory = fresh();
        LocalEngine first(at(directory));
        QVERIFY(!waitFor(first.createAccount(nowhere(), std::nullopt)).ok());
        {
            LocalEngine second(at(directory));
            QVERIFY(waitFor(second.open(std::nullopt)).error().is(StoreError::Busy));
        }
        test::MemoryKeyVault another;
        LocalEngine lost({directory, another});
        QVERIFY(waitFor(lost.open(std::nullopt)).error().is(KeyVaultError::NotFound));
    }
    /// Whatever is under way: the engine ends, its thread is joined, and what was asked stays without an answer.
    void endsWhateverIsUnderWay()
    {
        const std::string directory = fresh();
        (void)LocalEngine(at(directory));
        QFuture<Result<void>> registering;
        {
            LocalEngine engine({directory, keychain_, Millis{60'000}});
            registering = engine.createAccount(nowhere(), std::nullopt);
            QTRY_VERIFY(QFile::exists(QString::fromStdString(directory + "/kith.db")));
        }
        QVERIFY(registering.isFinished());
        QCOMPARE(registering.resultCount(), 0);
        QFuture<Result<Opened>> opening;
        {
            LocalEngine engine(at(directory));
            opening = engine.open(std::nullopt);
        }
        QVERIFY(opening.isFinished());
        // Nobody holds the profile any more.
        LocalEngine engine(at(directory));
        QVERIFY(waitFor(engine.open(std::nullopt)).ok());
    }
};

QTEST_GUILESS_MAIN(LocalEngineTest)
#include "LocalEngineTest.moc"
