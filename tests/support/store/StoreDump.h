#pragma once
/// A store as text: its schema and its rows, the same for equal stores. Pure functions. Thread: the database's.

#include "core/store/sqlite/Database.h"

#include <string>

namespace kith::test
{

/// Every CREATE statement in order of kind and name, and the version: what core/store/schema.sql holds.
[[nodiscard]] Result<std::string> schemaOf(sqlite::Database& database);
/// Every row of every table: one line a row, column=value, octets in hexadecimal.
[[nodiscard]] Result<std::string> rowsOf(sqlite::Database& database);

} // namespace kith::test
