#include "core/store/SqlPreKeyStore.h"

namespace kith
{
namespace
{

/// A row of id, created_ms, public_key, secret_key.
Result<std::optional<PreKeyPair>> pairOf(sqlite::Statement row)
{
    KITH_TRY(const bool found, row.step());
    if (!found)
        return std::optional<PreKeyPair>{};
    const auto publicKey = X25519PublicKey::fromBytes(row.blobView(2));
    auto secretKey = X25519SecretKey::copyOf(row.blobView(3));
    if (!publicKey || !secretKey)
        return Error::make(StoreError::Damaged, "a pre-key has another size than 32 octets");
    return std::optional(PreKeyPair{
        PreKeyId(static_cast<std::uint32_t>(row.integer(0))), {*publicKey, std::move(*secretKey)}, row.time(1)});
}

} // namespace

Result<PreKeyInventory> SqlPreKeyStore::inventory() const
{
    PreKeyInventory inventory;
    KITH_TRY(auto highest,
             context_.database.query("SELECT highest_signed_prekey, highest_one_time_prekey FROM account"));
    KITH_TRY(const bool found, highest.step());
    if (found) {
        inventory.highestSigned = PreKeyId(static_cast<std::uint32_t>(highest.integer(0)));
        inventory.highestOneTime = PreKeyId(static_cast<std::uint32_t>(highest.integer(1)));
    }
    KITH_TRY(auto row, context_.database.query("SELECT id, created_ms FROM signed_prekey ORDER BY id"));
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return inventory;
        inventory.signedPreKeys.push_back({PreKeyId(static_cast<std::uint32_t>(row.integer(0))), row.time(1)});
    }
}

Result<std::optional<PreKeyPair>> SqlPreKeyStore::signedPreKey(PreKeyId id) const
{
    KITH_TRY(auto row, context_.database.query(
                           "SELECT id, created_ms, public_key, secret_key FROM signed_prekey WHERE id = ?", id));
    return pairOf(std::move(row));
}

Result<void> SqlPreKeyStore::saveSignedPreKey(const PreKeyPair& pair)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_CHECK(context_.database.run(
        "INSERT OR REPLACE INTO signed_prekey (id, created_ms, public_key, secret_key) VALUES (?, ?, ?, ?)", pair.id,
        pair.created, pair.pair.publicKey.view(), pair.pair.secretKey.exposeSecret()));
    KITH_CHECK(
        context_.database.run("UPDATE account SET highest_signed_prekey = max(highest_signed_prekey, ?)", pair.id));
    return transaction.commit();
}

Result<void> SqlPreKeyStore::removeSignedPreKey(PreKeyId id)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_CHECK(context_.database.run("DELETE FROM signed_prekey WHERE id = ?", id));
    KITH_CHECK(context_.database.run("DELETE FROM seen_base_key WHERE signed_prekey = ?", id));
    return transaction.commit();
}

Result<std::optional<PreKeyPair>> SqlPreKeyStore::oneTimePreKey(PreKeyId id) const
{
    KITH_TRY(auto row, context_.database.query(
                           "SELECT id, created_ms, public_key, secret_key FROM one_time_prekey WHERE id = ?", id));
    return pairOf(std::move(row));
}

Result<void> SqlPreKeyStore::saveOneTimePreKey(const PreKeyPair& pair)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(context_.database));
    KITH_CHECK(context_.database.run(
        "INSERT OR REPLACE INTO one_time_prekey (id, created_ms, public_key, secret_key) VALUES (?, ?, ?, ?)", pair.id,
        pair.created, pair.pair.publicKey.view(), pair.pair.secretKey.exposeSecret()));
    KITH_CHECK(
        context_.database.run("UPDATE account SET highest_one_time_prekey = max(highest_one_time_prekey, ?)", pair.id));
    KITH_CHECK(context_.database.run("DELETE FROM one_time_prekey WHERE id <= (SELECT id FROM one_time_prekey ORDER BY "
                                     "id DESC LIMIT 1 OFFSET ?)",
                                     oneTimePreKeySecretsKept));
    return transaction.commit();
}

Result<void> SqlPreKeyStore::removeOneTimePreKey(PreKeyId id)
{
    return context_.database.run("DELETE FROM one_time_prekey WHERE id = ?", id);
}

Result<bool> SqlPreKeyStore::baseKeySeen(PreKeyId signedPreKey, const X25519PublicKey& baseKey) const
{
    KITH_TRY(auto row, context_.database.query("SELECT 1 FROM seen_base_key WHERE signed_prekey = ? AND base_key = ?",
                                               signedPreKey, baseKey.view()));
    return row.step();
}

Result<void> SqlPreKeyStore::addSeenBaseKey(PreKeyId signedPreKey, const X25519PublicKey& baseKey)
{
    return context_.database.run(
        "INSERT INTO seen_base_key (signed_prekey, base_key) VALUES (?, ?) ON CONFLICT DO NOTHING", signedPreKey,
        baseKey.view());
}

} // namespace kith
