#pragma once
/// Error codes of core/store. Each detail says what happened, what was kept and what to do next (P11). Thread: plain
/// values.

#include "core/base/Error.h"

namespace kith
{

enum class StoreError {
    WrongKey, ///< The key is not this store's.
    Damaged,  ///< The key is right and the file does not hold together.
    TooNew,   ///< A later version of Kith wrote it; it was not touched.
    Full,     ///< No space left: the writer stopped.
    Io,       ///< Reading, writing or syncing failed: the writer stopped if it was writing.
    Stopped,  ///< The writer had stopped before; reads go on, the program should end with a non-zero exit.
    Busy,     ///< Another program has this profile open.
    NotFound, ///< No such file, conversation or message.
    Refused,  ///< The step is not allowed in the present state; nothing changed.
    Gap,      ///< Rows that do not follow the cursor (P4); nothing changed.
    Invalid,  ///< A value that the store does not take: wrong size or range.
    Failed,   ///< A statement or a migration failed; its transaction was rolled back.
};

template <> struct ErrorTraits<StoreError> {
    static constexpr std::string_view domain = "store";
    static std::string_view name(StoreError code);
    static Remedy remedy(StoreError code);
};

} // namespace kith
