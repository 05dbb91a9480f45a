#include "core/session/Profile.h"

#include "core/crypto/Hash.h"
#include "core/crypto/SecretBytes.h"
#include "core/store/RollbackGuard.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace kith
{
namespace
{

constexpr std::size_t keySize = 32;

/// Names the key in the vault: two profiles of one person on one machine never share it.
std::string keyName(const QDir& directory)
{
    const Sha256Digest digest = sha256(directory.absolutePath().toStdString());
    return "database-" + toHex(digest.view().substr(0, 16));
}

/// An old copy of the database would use ratchet states and numbers a second time.
Result<void> refuseOldCopies(ClientStore& store, KeyVault& vault, const std::string& name, Random& random)
{
    RollbackGuard guard(store.account(), vault, name);
    KITH_TRY(const StateVerdict verdict, guard.check(random));
    switch (verdict) {
    case StateVerdict::Continues:
        return {};
    case StateVerdict::RolledBack:
        return Error::make(SessionError::OldCopy, "this profile is an older copy of itself; nothing was sent with it. "
                                                  "Put the newest copy back");
    case StateVerdict::Foreign:
        return Error::make(SessionError::OldCopy,
                           "this profile was copied from another machine or has lost its keychain "
                           "entry; nothing was sent with it. Use it where it was made");
    }
    return {};
}

Result<SecretBytes> newKey(KeyVault& vault, const std::string& name, Random& random)
{
    SecretBytes key(keySize);
    random.fill(key.data(), key.size());
    KITH_CHECK(vault.save(name, key.exposeSecret()));
    return key;
}

Result<SecretBytes> loadKey(KeyVault& vault, const std::string& name)
{
    KITH_TRY(Bytes loaded, vault.load(name));
    SecretBytes key = SecretBytes::takeFrom(std::move(loaded));
    if (key.size() != keySize)
        return Error::make(KeyVaultError::Damaged, "the stored database key has a wrong size");
    return key;
}

} // namespace

Result<std::unique_ptr<Profile>> Profile::open(const std::string& path, KeyVault& vault, Random& random,
                                               Missing missing)
{
    const QDir directory(QString::fromStdString(path));
    const QString file = directory.filePath(QStringLiteral("kith.db"));
    const bool exists = QFileInfo::exists(file);
    if (!exists && missing == Missing::Refuse)
        return Error::make(SessionError::NotRegistered, "there is no profile in " + path + " yet; register first");
    if (!directory.mkpath(QStringLiteral(".")))
        return Error::make(StoreError::Io, "the profile directory " + path + " cannot be made");
    QFile::setPermissions(directory.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const std::string name = keyName(directory);
    auto key = loadKey(vault, name);
    // A key without a database is what a crash between the two steps leaves: it is used.
    if (!key && !exists && key.error().is(KeyVaultError::NotFound))
        key = newKey(vault, name, random);
    if (!key)
        return std::move(key).error();
    KITH_TRY(auto store, ClientStore::open({file.toStdString(), {}}, *key));
    const auto newest = refuseOldCopies(*store, vault, name, random);
    // Nothing is sealed by a store that cannot be written; what is in it can still be read.
    if (!newest && !store->writerStopped())
        return newest.error();
    return std::unique_ptr<Profile>(new Profile(std::move(store)));
}

} // namespace kith
