#include "core/session/LocalEngine.h"

#include "core/crypto/SecretBytes.h"
#include "core/net/QtTimers.h"
#include "core/session/EngineThread.h"
#include "core/session/LocalAccount.h"
#include "core/session/LocalSession.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QPromise>

namespace kith
{
namespace
{

/// Nothing is kept under it: asking shows whether there is anybody to ask.
const std::string probeName = "probe";

template <class T> std::shared_ptr<QPromise<T>> promised()
{
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    return promise;
}

/// On its way to the engine thread: wiped when it has arrived, or when the work is dropped.
using Passphrase = std::shared_ptr<const SecretBytes>;

Passphrase wrapped(std::optional<std::string> typed)
{
    return typed ? std::make_shared<SecretBytes>(SecretBytes::takeFrom(std::move(*typed))) : Passphrase();
}

template <class T> void keep(QPromise<T>& promise, T value)
{
    promise.addResult(std::move(value));
    promise.finish();
}

} // namespace

/// What a window needs of an open session.
struct LocalEngine::Arrived {
    Session* session = nullptr;
    ChangeFeed* changes = nullptr;
    OwnAccount self; ///< Not registered: a sign-up was broken off.
    std::unique_ptr<ReaderStore> reader;
    std::optional<Error> readOnly; ///< Why nothing can be written; what is stored can be read.
};

/// What lives on the engine thread; made before and destroyed after it, empty by then.
struct LocalEngine::Room {
    std::string directory;
    KeyVault& keychain;
    Millis registrationPatience;
    SessionEvents events;
    net::QtTimers timers;
    std::unique_ptr<LocalSession> local;
    std::unique_ptr<Timer> patience;

    [[nodiscard]] Result<void> open(const Passphrase& passphrase, bool create);
    /// With a registered account it also connects.
    [[nodiscard]] Result<Arrived> arrive();
    void createAccount(const RegistrationRequest& request, const Passphrase& passphrase,
                       const std::function<void(const Result<void>&)>& done);
    void close();

private:
    void setAsideLostKeys() const;
};

Result<void> LocalEngine::Room::open(const Passphrase& passphrase, bool create)
{
    if (local)
        return {};
    LocalProfile profile;
    profile.directory = directory;
    if (passphrase)
        profile.passphrase = passphrase->copyToUnprotectedBytes();
    profile.keychain = &keychain;
    profile.create = create;
    if (create)
        setAsideLostKeys();
    KITH_TRY(local, LocalSession::open(std::move(profile), events));
    return {};
}

/// Keys without a database open nothing, and would refuse another passphrase. They are kept: the database may turn up.
void LocalEngine::Room::setAsideLostKeys() const
{
    QDir folder(QString::fromStdString(directory));
    if (folder.exists(QStringLiteral("kith.db")) || !folder.exists(QStringLiteral("keys")))
        return;
    // A stamp says that there was a database: opening refuses to make another one in its place.
    if (!QDir(folder.filePath(QStringLiteral("keys"))).entryList({QStringLiteral("*.state.key")}).isEmpty())
        return;
    int number = 1;
    const auto name = [&] { return QStringLiteral("keys.unused-%1").arg(number); };
    while (folder.exists(name()))
        ++number;
    folder.rename(QStringLiteral("keys"), name());
}

Result<LocalEngine::Arrived> LocalEngine::Room::arrive()
{
    Arrived arrived;
    arrived.session = &local->session();
    arrived.changes = &local->changes();
    const auto status = local->session().status();
    if (status)
        arrived.self = status->account;
    else if (!status.error().is(SessionError::NotRegistered))
        return status.error();
    if (!arrived.self.registered)
        return arrived;
    KITH_TRY(arrived.reader, local->openReader());
    arrived.readOnly = local->readOnly();
    if (!arrived.readOnly)
        KITH_CHECK(local->session().start());
    return arrived;
}

void LocalEngine::Room::createAccount(const RegistrationRequest& request, const Passphrase& passphrase,
                                      const std::function<void(const Result<void>&)>& done)
{
    if (const auto opened = open(passphrase, true); !opened)
        return done(opened);
    const auto answered = std::make_shared<bool>(false);
    const auto answer = [this, answered, done](const Result<void>& result) {
        if (std::exchange(*answered, true))
            return;
        patience.reset();
        done(result);
    };
    patience = timers.after(registrationPatience, [this, answer] {
        const net::ConnectionFact fact = local->session().connection();
        local->session().stop();
        answer(Error::make(SessionError::Unreachable, fact.words.empty() ? "the server does not answer" : fact.words));
    });
    local->session().registerAccount(request, [answer](const Result<OwnAccount>& made) {
        answer(made ? Result<void>{} : Result<void>(made.error()));
    });
}

void LocalEngine::Room::close()
{
    patience.reset();
    if (!local)
        return;
    local->session().stop();
    QEventLoop().processEvents(); // what says goodbye is written
    local.reset();
}

/// In order of construction: the thread is joined before anything that it tells.
struct LocalEngine::Parts {
    explicit Parts(Options options)
        : room{std::move(options.directory), options.keychain, options.registrationPatience, events(), {}, {}, {}},
          thread([this] { room.close(); })
    {
    }

    [[nodiscard]] SessionEvents events();

    net::QtExecutor window;
    bool keyKept = false;
    Room room;
    EngineThread thread;
    std::unique_ptr<LocalAccount> account;
};

SessionEvents LocalEngine::Parts::events()
{
    const auto tell = [this](std::function<void(LocalAccount&)> what) {
        window.post([this, what = std::move(what)] {
            if (account)
                what(*account);
        });
    };
    SessionEvents events;
    events.connectionChanged = [tell](const net::ConnectionFact& fact) {
        tell([fact](LocalAccount& told) { told.connectionChanged(fact); });
    };
    events.typingChanged = [tell](LogId log, UserId user, bool typing) {
        tell([log, user, typing](LocalAccount& told) { told.typingChanged(log, user, typing); });
    };
    events.presenceChanged = [tell](UserId user, bool online) {
        tell([user, online](LocalAccount& told) { told.presenceChanged(user, online); });
    };
    events.storeStopped = [tell](const Error& error) {
        tell([error](LocalAccount& told) { told.storeStopped(error); });
    };
    return events;
}

LocalEngine::LocalEngine(Options options) : parts_(std::make_unique<Parts>(std::move(options))) {}

LocalEngine::~LocalEngine() = default;

LocalEngine::Found LocalEngine::find() const
{
    const QDir folder(QString::fromStdString(parts_->room.directory));
    if (!folder.exists(QStringLiteral("kith.db")))
        return Found::Nothing;
    const QDir keys(folder.filePath(QStringLiteral("keys")));
    return keys.entryList({QStringLiteral("*.key")}, QDir::Files).isEmpty() ? Found::Keychain : Found::Passphrase;
}

QFuture<Result<LocalEngine::Opened>> LocalEngine::open(std::optional<std::string> passphrase)
{
    const auto promise = promised<Result<Opened>>();
    parts_->thread.post([this, promise, secret = wrapped(std::move(passphrase))] {
        Room& room = parts_->room;
        const auto opened = room.open(secret, false);
        const auto arrived = std::make_shared<Result<Arrived>>(opened ? room.arrive() : opened.error());
        if (!*arrived)
            room.local.reset();
        parts_->window.post([this, promise, arrived] {
            if (!*arrived)
                return keep(*promise, Result<Opened>(arrived->error()));
            signedIn(**arrived);
            keep(*promise, Result<Opened>(parts_->account ? Opened::SignedIn : Opened::WithoutAccount));
        });
    });
    return promise->future();
}

void LocalEngine::signedIn(Arrived& arrived)
{
    parts_->keyKept = true;
    if (arrived.self.registered) {
        parts_->account = std::make_unique<LocalAccount>(parts_->thread, *arrived.session, *arrived.changes,
                                                         std::move(arrived.self), std::move(arrived.reader));
        if (arrived.readOnly)
            parts_->account->storeStopped(*arrived.readOnly);
    }
}

QFuture<bool> LocalEngine::hasKeychain()
{
    const auto promise = promised<bool>();
    parts_->thread.post([this, promise] {
        const auto probed = parts_->room.keychain.load(probeName);
        keep(*promise, probed || !probed.error().is(KeyVaultError::Unavailable));
    });
    return promise->future();
}

bool LocalEngine::keyKept() const
{
    return parts_->keyKept;
}

QFuture<Result<void>> LocalEngine::createAccount(RegistrationRequest request, std::optional<std::string> passphrase)
{
    const auto promise = promised<Result<void>>();
    parts_->thread.post([this, promise, request = std::move(request), secret = wrapped(std::move(passphrase))] {
        Room& room = parts_->room;
        room.createAccount(request, secret, [this, promise, &room](const Result<void>& made) {
            const bool kept = room.local != nullptr;
            const auto arrived = std::make_shared<Result<Arrived>>(made ? room.arrive() : made.error());
            parts_->window.post([this, promise, arrived, kept] {
                parts_->keyKept = kept;
                if (*arrived)
                    signedIn(**arrived);
                keep(*promise, *arrived ? Result<void>{} : Result<void>(arrived->error()));
            });
        });
    });
    return promise->future();
}

Account* LocalEngine::account()
{
    return parts_->account.get();
}

} // namespace kith
