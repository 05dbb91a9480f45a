#pragma once
/// Receipt watermarks: how far each member of a conversation has got. Plain values.

#include "core/base/StrongId.h"

#include <cstdint>
#include <vector>

namespace kith::server
{

struct Mark {
    UserId user;
    Seq delivered; ///< One of the user's devices stored, and could open, everything of others up to here.
    Seq read;      ///< It was on a screen; 0 also where the user keeps it private.
};
struct LogMarks {
    std::uint64_t revision = 0; ///< Rises with each change, over restarts too.
    std::vector<Mark> members;
};

} // namespace kith::server
