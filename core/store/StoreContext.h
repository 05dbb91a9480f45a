#pragma once
/// What every store of a ClientStore shares: the write connection and the facts of the transaction under way. Owned by
/// ClientStore. Thread: the engine thread.

#include "core/store/ChangeFeed.h"
#include "core/store/sqlite/Transaction.h"

namespace kith
{

struct StoreContext {
    sqlite::Database& database;
    StoreChanges& changes; ///< Published if the outermost transaction commits, forgotten if it does not.
};

} // namespace kith
