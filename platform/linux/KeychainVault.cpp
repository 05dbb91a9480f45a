#include "platform/KeychainVault.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QPointer>
#include <QTimer>
#include <qt6keychain/keychain.h>

#include <functional>
#include <utility>

namespace kith
{
namespace
{

constexpr std::size_t keySize = 32;

Error unavailable(const std::string& why)
{
    return Error::make(KeyVaultError::Unavailable,
                       why + "; unlock or start the desktop's keychain, or use a passphrase (--passphrase-file)");
}

Error errorOf(QKeychain::Error code, const QString& words)
{
    switch (code) {
    case QKeychain::EntryNotFound:
        return Error::make(KeyVaultError::NotFound, "the keychain has no key of this profile");
    case QKeychain::AccessDeniedByUser:
        return unavailable("access to the keychain was refused");
    case QKeychain::AccessDenied:
        return unavailable("the keychain is locked");
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return unavailable("there is no keychain here");
    default:
        return unavailable("the keychain did not do it (" + words.toStdString() + ")");
    }
}

/// Runs the job to its end or gives up; a job that was given up deletes itself when it ends after all.
template <class Job, class Take> Result<Bytes> run(const std::string& service, const std::string& name, Millis patience,
                                                   const std::function<void(Job&)>& prepare, const Take& take)
{
    if (QCoreApplication::instance() == nullptr)
        return unavailable("a keychain needs a running application");
    QPointer<Job> job = new Job(QString::fromStdString(service));
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(QString::fromStdString(name));
    prepare(*job);
    QEventLoop loop;
    bool answered = false; // a job without a keychain may answer before the loop runs
    QTimer timer;
    timer.setSingleShot(true);
    Result<Bytes> outcome = unavailable("the keychain did not answer in time");
    QObject::connect(job, &QKeychain::Job::finished, &loop, [&](QKeychain::Job* done) {
        outcome = done->error() == QKeychain::NoError ? take(*static_cast<Job*>(done))
                                                      : Result<Bytes>(errorOf(done->error(), done->errorString()));
        answered = true;
        loop.quit();
    });
    QObject::connect(&timer, &QTimer::timeout, &loop, &QEventLoop::quit);
    timer.start(patience);
    job->start();
    if (!answered)
        loop.exec();
    return outcome;
}

} // namespace

KeychainVault::KeychainVault(std::string service, Millis patience) : service_(std::move(service)), patience_(patience)
{
}

Result<Bytes> KeychainVault::load(const std::string& name)
{
    return run<QKeychain::ReadPasswordJob>(
        service_, name, patience_, [](QKeychain::ReadPasswordJob&) {},
        [](QKeychain::ReadPasswordJob& job) -> Result<Bytes> {
            const QByteArray key = job.binaryData();
            if (static_cast<std::size_t>(key.size()) != keySize)
                return Error::make(KeyVaultError::Damaged, "what the keychain has is not a key of Kith");
            return key.toStdString();
        });
}

Result<void> KeychainVault::save(const std::string& name, ByteView key)
{
    if (key.size() != keySize)
        return Error::make(KeyVaultError::Damaged, "a key has 32 octets");
    const auto saved = run<QKeychain::WritePasswordJob>(
        service_, name, patience_,
        [&](QKeychain::WritePasswordJob& job) {
            job.setBinaryData(QByteArray(key.data(), static_cast<qsizetype>(key.size())));
        },
        [](QKeychain::WritePasswordJob&) -> Result<Bytes> { return Bytes{}; });
    return saved.ok() ? Result<void>{} : Result<void>(saved.error());
}

Result<void> KeychainVault::remove(const std::string& name)
{
    const auto removed = run<QKeychain::DeletePasswordJob>(
        service_, name, patience_, [](QKeychain::DeletePasswordJob&) {},
        [](QKeychain::DeletePasswordJob&) -> Result<Bytes> { return Bytes{}; });
    if (!removed.ok() && !removed.error().is(KeyVaultError::NotFound))
        return removed.error();
    return {};
}

} // namespace kith
