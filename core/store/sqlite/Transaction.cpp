#include "core/store/sqlite/Transaction.h"

#include <sqlcipher/sqlite3.h>

#include <utility>

namespace kith::sqlite
{

Result<Transaction> Transaction::begin(Database& database)
{
    if (database.stopped_)
        return Error::make(StoreError::Stopped, "nothing more is written: " + database.stopReason_.detail);
    if (database.depth_ == 0) {
        // IMMEDIATE: the lock is taken now, so that no later write can find the store busy half way.
        const int code = sqlite3_exec(database.handle_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        if (code != SQLITE_OK)
            return database.fail(code, true);
    }
    ++database.depth_;
    return Transaction(database);
}

Result<void> Transaction::commit()
{
    Database& database = *database_;
    if (database.depth_ > 1) {
        if (database.doomed_ || database.stopped_) {
            rollBack();
            return Error::make(StoreError::Failed, "an earlier step of this unit of work failed");
        }
        database_ = nullptr;
        --database.depth_;
        return {};
    }
    if (database.stopped_) {
        rollBack();
        return Error::make(StoreError::Stopped, "nothing was written: " + database.stopReason_.detail);
    }
    if (database.doomed_) {
        rollBack();
        return Error::make(StoreError::Failed, "an earlier step of this unit of work failed");
    }
    // A statement that still stands on a row would keep its snapshot, and with it the WAL, alive.
    for (const auto& [statement, text] : database.texts_)
        sqlite3_reset(statement);
    const int code = sqlite3_exec(database.handle_, "COMMIT", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        Error error = database.fail(code, true);
        rollBack();
        return error;
    }
    database_ = nullptr;
    database.depth_ = 0;
    if (database.observer_ != nullptr)
        database.observer_->committed();
    if (database.walPages_ > Database::checkpointPages) {
        // The work is on stable storage whatever becomes of the checkpoint; a failed one stops the writer by itself.
        (void)database.checkpoint();
    }
    return {};
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction()
{
    if (database_ != nullptr)
        rollBack();
}

void Transaction::rollBack()
{
    Database& database = *std::exchange(database_, nullptr);
    if (--database.depth_ > 0) {
        database.doomed_ = true;
        return;
    }
    database.doomed_ = false;
    // Some errors have rolled back already. In WAL mode this forgets pages and writes nothing.
    if (sqlite3_get_autocommit(database.handle_) == 0)
        sqlite3_exec(database.handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    if (database.observer_ != nullptr)
        database.observer_->rolledBack();
}

} // namespace kith::sqlite
