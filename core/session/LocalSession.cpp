#include "core/session/LocalSession.h"

#include "core/base/Log.h"
#include "core/crypto/PasswordHash.h"
#include "core/crypto/SelfTest.h"
#include "core/crypto/SodiumRandom.h"
#include "core/net/NetworkWatch.h"
#include "core/net/QtTimers.h"
#include "core/net/websocket/WebSocketTransport.h"
#include "core/session/Profile.h"
#include "core/store/PassphraseVault.h"

#include <QDir>

namespace kith
{

/// In order of construction: what stands below uses what stands above.
struct LocalSession::Parts {
    SodiumRandom random;
    SystemClock clock;
    net::QtTimers timers;
    net::QtExecutor executor;
    net::WebSocketTransport transport;
    std::unique_ptr<KeyVault> vault;
    std::unique_ptr<Profile> profile;
    std::unique_ptr<Session> session;
    std::unique_ptr<net::NetworkWatch> watch;
};

LocalSession::LocalSession(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

LocalSession::~LocalSession() = default;

Session& LocalSession::session()
{
    return *parts_->session;
}

std::optional<Error> LocalSession::readOnly() const
{
    return parts_->profile->store().readOnly();
}

Result<std::unique_ptr<ReaderStore>> LocalSession::openReader() const
{
    return parts_->profile->openReader();
}

ChangeFeed& LocalSession::changes()
{
    return parts_->profile->store().changes();
}

Result<std::unique_ptr<LocalSession>> LocalSession::open(LocalProfile wanted, SessionEvents events)
{
    KITH_CHECK(cryptoSelfTest());
    auto parts = std::make_unique<Parts>();
    setLogHashKey(parts->random.bytes(32));
    KeyVault* vault = wanted.keychain;
    if (wanted.passphrase) {
        const std::string folder = wanted.directory + "/keys";
        if (wanted.create && !QDir().mkpath(QString::fromStdString(folder)))
            return Error::make(StoreError::Io, "the folder " + folder + " cannot be made");
        parts->vault = std::make_unique<PassphraseVault>(folder, SecretBytes::takeFrom(std::move(*wanted.passphrase)),
                                                         PasswordHashParameters::desktop(parts->random), parts->random);
        vault = parts->vault.get();
    }
    if (vault == nullptr)
        return Error::make(KeyVaultError::Unavailable, "neither a passphrase nor a keychain was given");
    KITH_TRY(parts->profile, Profile::open(wanted.directory, *vault, parts->random,
                                           wanted.create ? Profile::Missing::Create : Profile::Missing::Refuse));
    const SessionEnvironment environment{parts->clock,    parts->random,    parts->timers,
                                         parts->executor, parts->transport, parts->profile->store()};
    parts->session = std::make_unique<Session>(environment, std::move(events));
    Session* const session = parts->session.get();
    parts->watch = std::make_unique<net::NetworkWatch>(net::NetworkWatch::Receiver{
        [session] { session->networkChanged(true); }, [session] { session->networkChanged(false); }});
    return std::unique_ptr<LocalSession>(new LocalSession(std::move(parts)));
}

} // namespace kith
