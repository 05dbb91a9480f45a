#pragma once
/// Brings a store to this program's schema: numbered steps, append-only, one transaction each (docs/guides/
/// add-a-migration.md). Thread: the database's.

#include "core/store/sqlite/Database.h"

#include <span>
#include <string_view>

namespace kith
{

struct Migration {
    int version = 0; ///< 1, 2, 3 … without holes; becomes PRAGMA user_version.
    std::string_view name;
    std::string_view sql;
};

/// The files of core/store/migrations, embedded when the program was built.
[[nodiscard]] std::span<const Migration> storeMigrations();

/// TooNew, untouched, where a later program wrote the store. A step that fails is rolled back whole and reported with
/// its number; what earlier steps did stays, and the next start goes on from there.
[[nodiscard]] Result<void> migrate(sqlite::Database& database, std::span<const Migration> migrations);

} // namespace kith
