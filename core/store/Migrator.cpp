#include "core/store/Migrator.h"

#include "core/store/sqlite/Transaction.h"

#include <string>

namespace kith
{
namespace
{

Result<void> apply(sqlite::Database& database, const Migration& migration)
{
    KITH_TRY(auto transaction, sqlite::Transaction::begin(database));
    KITH_CHECK(database.execute(migration.sql));
    {
        KITH_TRY(auto orphans, database.query("PRAGMA foreign_key_check"));
        KITH_TRY(const bool found, orphans.step());
        if (found)
            return Error::make(StoreError::Failed, "it leaves rows of " + orphans.text(0) + " without what they name");
    }
    KITH_CHECK(database.execute("PRAGMA user_version = " + std::to_string(migration.version)));
    return transaction.commit();
}

} // namespace

Result<void> migrate(sqlite::Database& database, std::span<const Migration> migrations)
{
    KITH_TRY(const int found, database.userVersion());
    const int newest = migrations.empty() ? 0 : migrations.back().version;
    if (found > newest)
        return Error::make(StoreError::TooNew, "a newer version of Kith wrote this store (schema " +
                                                   std::to_string(found) + ", this program knows " +
                                                   std::to_string(newest) + "); it was not touched, update Kith");
    for (const Migration& migration : migrations) {
        if (migration.version <= found)
            continue;
        if (auto applied = apply(database, migration); !applied.ok()) {
            Error error = std::move(applied).error();
            error.detail = "upgrading the local store failed at step " + std::to_string(migration.version) + " (" +
                           std::string(migration.name) + "), which was undone: " + error.detail;
            return error;
        }
    }
    return {};
}

} // namespace kith
