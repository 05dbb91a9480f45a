#pragma once
/// Join or begin: the first one on a connection begins, later ones join it, and only the outermost commits to disk. One
/// that is destroyed without commit() rolls the whole back, so that no half of a unit of work can stay. Thread: the
/// database's.

#include "core/store/sqlite/Database.h"

namespace kith::sqlite
{

class Transaction
{
public:
    /// Stopped where the writer has stopped.
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    /// After this returns without error in the outermost transaction, the work is on stable storage. Statements on
    /// loan are reset: read what they say before.
    [[nodiscard]] Result<void> commit();

    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    void rollBack();

    Database* database_;
};

} // namespace kith::sqlite
