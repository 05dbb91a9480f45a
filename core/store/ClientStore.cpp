#include "core/store/ClientStore.h"

#include "core/store/Migrator.h"

#include <QFileInfo>
#include <QLockFile>

namespace kith
{

Result<std::unique_ptr<ClientStore>> ClientStore::open(const Options& options, const SecretBytes& key)
{
    std::unique_ptr<QLockFile> lock;
    if (options.vfs.empty()) {
        const QFileInfo file(QString::fromStdString(options.path));
        if (file.exists() && !(file.isWritable() && QFileInfo(file.path()).isWritable()))
            return openForReading(options, key);
        // One writer per profile: two would seal with the same ratchet. Stale only when its process is gone.
        lock = std::make_unique<QLockFile>(QString::fromStdString(options.path + ".lock"));
        lock->setStaleLockTime(0);
        if (!lock->tryLock(0)) {
            if (lock->error() == QLockFile::LockFailedError)
                return Error::make(StoreError::Busy, "another program has this profile open; close it and try again");
            return Error::make(StoreError::Io,
                               "the profile's folder cannot be written; check that it exists and is yours");
        }
    }
    KITH_TRY(auto database, sqlite::Database::open({options.path, sqlite::Access::ReadWrite, options.vfs}, key));
    KITH_CHECK(migrate(*database, storeMigrations()));
    // On a disk that takes no writes any more the store opens with its writer stopped: what is in it can be read.
    if (const auto merged = database->allowCheckpoints(); !merged && !database->stopped())
        return merged.error();
    return std::unique_ptr<ClientStore>(new ClientStore(std::move(database), std::move(lock)));
}

Result<std::unique_ptr<ClientStore>> ClientStore::openForReading(const Options& options, const SecretBytes& key)
{
    KITH_TRY(auto database, sqlite::Database::open({options.path, sqlite::Access::Frozen, {}}, key));
    KITH_TRY(const int version, database->userVersion());
    const int newest = storeMigrations().back().version;
    if (version > newest)
        KITH_CHECK(migrate(*database, storeMigrations())); // which says that it is too new
    if (version < newest)
        return Error::make(StoreError::Io,
                           "an older version of Kith wrote this profile, and where it lies it cannot be "
                           "upgraded; copy it to where you may write");
    database->refuseWrites(Error::make(StoreError::Stopped,
                                       "nothing can be written where this profile lies (a read-only "
                                       "disk, or another user's folder); it can only be read"));
    std::unique_ptr<ClientStore> store(new ClientStore(std::move(database), nullptr));
    store->readOnly_ = true;
    return store;
}

std::optional<Error> ClientStore::readOnly() const
{
    return readOnly_ ? std::optional(database_->stopReason()) : std::nullopt;
}

void ClientStore::onWriterStopped(std::function<void(const Error&)> handler)
{
    if (!readOnly_)
        database_->onStopped(std::move(handler));
}

ClientStore::ClientStore(std::unique_ptr<sqlite::Database> database, std::unique_ptr<QLockFile> lock)
    : lock_(std::move(lock)), database_(std::move(database)), context_{*database_, pending_}, account_(context_),
      conversations_(context_), messages_(*database_), outbox_(context_), inbox_(context_), marks_(context_),
      contacts_(context_), identities_(context_), sessions_(context_), preKeys_(context_)
{
    database_->setObserver(this);
}

ClientStore::~ClientStore()
{
    database_->setObserver(nullptr);
}

Result<StoreTransaction> ClientStore::begin()
{
    return sqlite::Transaction::begin(*database_);
}

Result<void> ClientStore::write(const std::function<Result<void>()>& work)
{
    KITH_TRY(auto transaction, begin());
    KITH_CHECK(work());
    return transaction.commit();
}

void ClientStore::committed()
{
    feed_.publish(std::exchange(pending_, {}));
}

void ClientStore::rolledBack()
{
    pending_ = {};
}

} // namespace kith
