# Writes OUT: the files of DIR as one table of core/store/Migrator.h. Run at build time with -DDIR= -DOUT=.
file(GLOB files ${DIR}/[0-9][0-9][0-9][0-9]_*.sql)
list(SORT files)
set(rows "")
set(expected 0)
foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "^0*([0-9]+)_" ignored ${name})
    set(version ${CMAKE_MATCH_1})
    math(EXPR expected "${expected} + 1")
    if(NOT version EQUAL expected)
        message(FATAL_ERROR "migration ${expected} is missing: found ${name}")
    endif()
    file(READ ${file} sql)
    string(APPEND rows "    Migration{${version}, \"${name}\", R\"~sql~(${sql})~sql~\"},\n")
endforeach()
file(WRITE ${OUT} "// Generated from core/store/migrations by embed.cmake.
#include \"core/store/Migrator.h\"

#include <array>

namespace kith
{
namespace
{

constexpr std::array migrations{
${rows}};

} // namespace

std::span<const Migration> storeMigrations()
{
    return migrations;
}

} // namespace kith
")
