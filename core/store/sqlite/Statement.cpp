#include "core/store/sqlite/Statement.h"

#include "core/store/sqlite/Database.h"

#include <sqlcipher/sqlite3.h>

namespace kith::sqlite
{

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)), bindError_(other.bindError_)
{
}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(database_, other.database_);
    std::swap(handle_, other.handle_);
    std::swap(bindError_, other.bindError_);
    return *this;
}

Statement::~Statement()
{
    if (handle_ != nullptr)
        database_->giveBack(handle_);
}

void Statement::bind(int index, std::nullptr_t)
{
    bindError_ |= sqlite3_bind_null(handle_, index);
}

void Statement::bind(int index, std::int64_t value)
{
    bindError_ |= sqlite3_bind_int64(handle_, index, value);
}

void Statement::bind(int index, ByteView blob)
{
    // A null pointer would bind NULL; an empty blob is a value.
    bindError_ |= sqlite3_bind_blob64(handle_, index, blob.empty() ? "" : blob.data(), blob.size(), SQLITE_TRANSIENT);
}

void Statement::bind(int index, Text text)
{
    bindError_ |= sqlite3_bind_text64(handle_, index, text.value.empty() ? "" : text.value.data(), text.value.size(),
                                      SQLITE_TRANSIENT, SQLITE_UTF8);
}

Result<bool> Statement::step()
{
    if (bindError_ != SQLITE_OK)
        return Error::make(StoreError::Invalid, "a value does not fit its statement");
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    const bool writing = sqlite3_stmt_readonly(handle_) == 0;
    Error error = database_->fail(code, writing);
    sqlite3_reset(handle_);
    return error;
}

Result<void> Statement::run()
{
    while (true) {
        KITH_TRY(const bool row, step());
        if (!row)
            return {};
    }
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(handle_, column);
}

ByteView Statement::blobView(int column) const
{
    const void* data = sqlite3_column_blob(handle_, column);
    const int size = sqlite3_column_bytes(handle_, column);
    return data == nullptr ? ByteView{} : ByteView(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Bytes Statement::blob(int column) const
{
    return Bytes(blobView(column));
}

std::string Statement::text(int column) const
{
    return std::string(blobView(column)); // TEXT is stored as UTF-8 here
}

} // namespace kith::sqlite
