#include "tests/support/store/StoreDump.h"

#include <vector>

namespace kith::test
{
namespace
{

Result<std::vector<std::string>> column(sqlite::Database& database, const std::string& sql)
{
    KITH_TRY(auto row, database.query(sql));
    std::vector<std::string> found;
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return found;
        found.push_back(row.text(0));
    }
}

} // namespace

Result<std::string> schemaOf(sqlite::Database& database)
{
    KITH_TRY(const auto statements,
             column(database, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
                              "ORDER BY type DESC, name"));
    KITH_TRY(const int version, database.userVersion());
    std::string text;
    for (const std::string& statement : statements)
        text += statement + ";\n\n";
    return text + "PRAGMA user_version = " + std::to_string(version) + ";\n";
}

Result<std::string> rowsOf(sqlite::Database& database)
{
    KITH_TRY(const auto tables, column(database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                                                 "name NOT LIKE 'sqlite_%' ORDER BY name"));
    std::string text;
    for (const std::string& table : tables) {
        text += table + "\n";
        KITH_TRY(const auto columns,
                 column(database, "SELECT name FROM pragma_table_xinfo('" + table + "') ORDER BY cid"));
        std::string expressions;
        for (const std::string& name : columns)
            expressions += (expressions.empty() ? "" : " || ' ' || ") +
                           ("'" + name + "=' || CASE typeof(" + name + ") WHEN 'blob' THEN 'x' || lower(hex(" + name +
                            ")) WHEN 'null' THEN 'NULL' WHEN 'text' THEN quote(" + name + ") ELSE " + name + " END");
        KITH_TRY(const auto rows,
                 column(database, "SELECT " + expressions + " AS line FROM " + table + " ORDER BY line"));
        for (const std::string& row : rows)
            text += "  " + row + "\n";
    }
    return text;
}

} // namespace kith::test
