// Writes what tests/fixtures/store and core/store/schema.sql hold; run it through tests/fixtures/store/make.
#include "core/store/Migrator.h"
#include "tests/core/store/FixtureStore.h"
#include "tests/support/store/StoreDump.h"

#include <cstdio>
#include <fstream>
#include <iostream>

using namespace kith;

namespace
{

Result<void> make(const std::string& what, const std::string& in, const std::string& out)
{
    if (what == "fixture") {
        KITH_CHECK(test::writeFixture(in));
    }
    KITH_TRY(auto database, sqlite::Database::open({in, sqlite::Access::ReadWrite, {}}, test::fixtureKey()));
    if (what != "before")
        KITH_CHECK(migrate(*database, storeMigrations()));
    KITH_TRY(const std::string text, what == "schema" ? test::schemaOf(*database) : test::rowsOf(*database));
    KITH_CHECK(database->allowCheckpoints());
    std::ofstream(out, std::ios::binary) << text;
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::puts("usage: MakeStoreFixture fixture|before|after|schema DATABASE TEXT");
        return 2;
    }
    const auto made = make(argv[1], argv[2], argv[3]);
    if (!made.ok())
        std::puts(made.error().describe().c_str());
    return made.ok() ? 0 : 1;
}
