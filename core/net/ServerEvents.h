#pragma once
/// What the server says unasked, one receiver each; an empty one ignores. Thread: the engine thread.

#include "core/protocol/wire/rpc.pb.h"
#include "core/protocol/wire/sync.pb.h"

#include <functional>

namespace kith::net
{

struct ServerEvents {
    std::function<void(const wire::Entries&)> entries;
    std::function<void(const wire::Marks&)> marks;
    std::function<void(const wire::Ephemeral&)> ephemeral;
    std::function<void(const wire::KeysLow&)> keysLow;
    std::function<void(const wire::ResendWanted&)> resendWanted;
    std::function<void(const wire::Goodbye&)> goodbye; ///< Taken by Connection itself.
};

} // namespace kith::net
