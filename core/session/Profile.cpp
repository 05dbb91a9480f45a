#include "core/session/Profile.h"

#include "core/crypto/Hash.h"
#include "core/crypto/SecretBytes.h"
#include "core/store/AtomicFile.h"
#include "core/store/RollbackGuard.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace kith
{
namespace
{

constexpr std::size_t keySize = 32;
constexpr std::size_t idDigits = 32;

std::string idFile(const QDir& directory)
{
    return directory.filePath(QStringLiteral("profile.id")).toStdString();
}

/// What names the key in the vault: two profiles of one person on one machine never share it. Profiles of before this
/// file existed go by where they lie.
Result<std::optional<std::string>> readId(const QDir& directory)
{
    KITH_TRY(const auto stored, readFile(idFile(directory), idDigits + 1));
    if (!stored)
        return std::optional<std::string>();
    const std::string id = stored->substr(0, idDigits);
    const bool whole = id.size() == idDigits && id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!whole)
        return Error::make(StoreError::Damaged, "the file profile.id of this profile is damaged; nothing was changed, "
                                                "restore it from a backup of the profile");
    return std::optional(id);
}

std::string idByPlace(const QDir& directory)
{
    return toHex(sha256(directory.absolutePath().toStdString()).view().substr(0, idDigits / 2));
}

/// An empty file is what a crash leaves right before the first page, and what an emptied disk leaves of everything.
/// The vault tells which: its stamp is written once the database stands.
Result<void> refuseLostDatabase(KeyVault& vault, const std::string& name, bool isThere)
{
    const auto stamp = vault.load(name + ".state");
    if (!stamp && stamp.error().is(KeyVaultError::NotFound))
        return {};
    if (!stamp)
        return stamp.error();
    return Error::make(StoreError::Damaged, std::string("the local store is damaged: kith.db ") +
                                                (isThere ? "is empty" : "is missing") +
                                                ", and there was one; nothing was made in its place, restore it from a "
                                                "backup of the profile or link this device anew");
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
    const QFileInfo file(directory.filePath(QStringLiteral("kith.db")));
    const bool exists = file.exists() && file.size() > 0;
    KITH_TRY(const auto id, readId(directory));
    std::string name = "database-" + id.value_or(idByPlace(directory));
    if (!exists && directory.exists())
        KITH_CHECK(refuseLostDatabase(vault, name, file.exists()));
    if (!exists && missing == Missing::Refuse)
        return Error::make(SessionError::NotRegistered, "there is no profile in " + path + " yet; register first");
    if (!directory.mkpath(QStringLiteral(".")))
        return Error::make(StoreError::Io, "the profile directory " + path + " cannot be made");
    QFile::setPermissions(directory.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    if (!id) {
        const std::string fresh = exists ? idByPlace(directory) : toHex(random.bytes(idDigits / 2));
        const auto kept = replaceFile(idFile(directory), fresh + "\n");
        if (!kept && !exists)
            return kept.error(); // an older profile that cannot be written is read where it is
        name = "database-" + fresh;
    }
    auto key = loadKey(vault, name);
    // A key without a database is what a crash between the two steps leaves: it is used.
    if (!key && !exists && key.error().is(KeyVaultError::NotFound))
        key = newKey(vault, name, random);
    if (!key)
        return std::move(key).error();
    KITH_TRY(auto store, ClientStore::open({file.filePath().toStdString(), {}}, *key));
    const auto newest = refuseOldCopies(*store, vault, name, random);
    // Nothing is sealed by a store that cannot be written; what is in it can still be read.
    if (!newest && !store->writerStopped())
        return newest.error();
    return std::unique_ptr<Profile>(new Profile(std::move(store), file.filePath().toStdString(), std::move(*key)));
}

Result<std::unique_ptr<ReaderStore>> Profile::openReader() const
{
    return ReaderStore::open({file_, {}}, key_);
}

} // namespace kith
