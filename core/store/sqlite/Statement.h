#pragma once
/// A prepared statement on loan from its Database; destroying it resets it and gives it back. Columns count from 0,
/// parameters from 1. Values are read only after step() said that there is a row. Thread: the database's.

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/base/StrongId.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

struct sqlite3_stmt;

namespace kith::sqlite
{

class Database;

/// Binds as TEXT; plain Bytes and ByteView bind as BLOB.
struct Text {
    std::string_view value;
};

class Statement
{
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    void bind(int index, std::nullptr_t);
    void bind(int index, std::int64_t value);
    void bind(int index, ByteView blob);
    void bind(int index, const Bytes& blob) { bind(index, ByteView(blob)); }
    void bind(int index, Text text);
    void bind(int index, WallTime time) { bind(index, static_cast<std::int64_t>(toMillis(time))); }
    void bind(int index, Millis span) { bind(index, static_cast<std::int64_t>(span.count())); }
    template <class Number>
    requires std::integral<Number> || std::is_enum_v<Number>
    void bind(int index, Number value) { bind(index, static_cast<std::int64_t>(value)); }
    template <class Tag> void bind(int index, const FixedId<Tag>& id) { bind(index, id.view()); }
    template <class Tag, class N> void bind(int index, StrongNumber<Tag, N> number)
    {
        bind(index, static_cast<std::int64_t>(number.value()));
    }
    template <class T> void bind(int index, const std::optional<T>& value)
    {
        value ? bind(index, *value) : bind(index, nullptr);
    }

    /// True: a row is there. False: the end.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end.
    [[nodiscard]] Result<void> run();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] Bytes blob(int column) const;
    /// Valid until the next step.
    [[nodiscard]] ByteView blobView(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] WallTime time(int column) const { return wallFromMillis(integer(column)); }
    template <class Enum> [[nodiscard]] Enum enumeration(int column) const
    {
        return static_cast<Enum>(integer(column));
    }
    template <class Number> [[nodiscard]] Number number(int column) const
    {
        return Number(static_cast<std::uint64_t>(integer(column)));
    }
    /// The null id where the column is NULL or has another size.
    template <class Id> [[nodiscard]] Id id(int column) const { return Id::fromBytes(blobView(column)).value_or(Id{}); }

private:
    friend class Database;
    Statement(Database& database, sqlite3_stmt* handle) : database_(&database), handle_(handle) {}

    Database* database_;
    sqlite3_stmt* handle_;
    int bindError_ = 0;
};

} // namespace kith::sqlite
