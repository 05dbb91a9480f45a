#include "core/store/SqlIdentityStore.h"

namespace kith
{
namespace
{

constexpr std::size_t maxOwnDevice = 4096;
constexpr std::size_t identitySecretSize = 64;
constexpr std::size_t maxManifest = 64U << 10;

Result<std::optional<SecretBytes>> secretOf(sqlite::Database& database, std::string_view sql)
{
    KITH_TRY(auto row, database.query(sql));
    KITH_TRY(const bool found, row.step());
    if (!found || row.isNull(0))
        return std::optional<SecretBytes>{};
    return std::optional(SecretBytes::copyOf(row.blobView(0)));
}

} // namespace

Result<std::optional<SecretBytes>> SqlIdentityStore::loadOwnDevice() const
{
    return secretOf(context_.database, "SELECT own_device FROM account");
}

Result<void> SqlIdentityStore::saveOwnDevice(ByteView encoded)
{
    if (encoded.empty() || encoded.size() > maxOwnDevice)
        return Error::make(StoreError::Invalid, "a device's own keys have another size");
    return context_.database.run("UPDATE account SET own_device = ?", encoded);
}

Result<std::optional<SecretBytes>> SqlIdentityStore::loadIdentitySecret() const
{
    return secretOf(context_.database, "SELECT identity_secret FROM account");
}

Result<void> SqlIdentityStore::saveIdentitySecret(ByteView secret)
{
    if (secret.size() != identitySecretSize)
        return Error::make(StoreError::Invalid, "an identity key has 64 octets");
    return context_.database.run("UPDATE account SET identity_secret = ?", secret);
}

Result<std::optional<KnownIdentity>> SqlIdentityStore::identity(const UserId& user) const
{
    KITH_TRY(auto row, context_.database.query("SELECT identity_key, verification, manifest_version, manifest FROM "
                                               "identity WHERE user_id = ?",
                                               user));
    KITH_TRY(const bool found, row.step());
    if (!found)
        return std::optional<KnownIdentity>{};
    const auto key = Ed25519PublicKey::fromBytes(row.blobView(0));
    if (!key)
        return Error::make(StoreError::Damaged, "a pinned identity key has another size than 32 octets");
    return std::optional(
        KnownIdentity{*key, row.enumeration<Verification>(1), static_cast<std::uint64_t>(row.integer(2)), row.blob(3)});
}

Result<void> SqlIdentityStore::saveIdentity(const UserId& user, const KnownIdentity& identity)
{
    if (identity.signedManifest.size() > maxManifest)
        return Error::make(StoreError::Invalid, "a device list is larger than one can be");
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_CHECK(context_.database.run(
        "INSERT INTO identity (user_id, identity_key, verification, manifest_version, manifest) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (user_id) DO UPDATE SET identity_key = excluded.identity_key, verification = "
        "excluded.verification, manifest_version = excluded.manifest_version, manifest = excluded.manifest",
        user, identity.identityKey.view(), identity.verification, identity.manifestVersion, identity.signedManifest));
    KITH_CHECK(context_.database.run("UPDATE contact SET offered_key = x'' WHERE user_id = ? AND offered_key = ?", user,
                                     identity.identityKey.view()));
    context_.changes.contactsChanged.insert(user);
    return transaction.commit();
}

} // namespace kith
