#pragma once
/// Who calls a rule, and where it runs. Thread: plain values.

#include "core/base/Executor.h"
#include "core/base/Result.h"
#include "core/base/StrongId.h"

#include <functional>

namespace kith::server
{

/// Told exactly once, on the strand that the call named.
template <class T> using Done = std::function<void(Result<T>)>;

/// A signed-in device. Rules run on its strand: one piece of work at a time, reads of the storage may block there, so
/// it is never an event loop. The strand outlives the calls made with it.
struct Caller {
    UserId user;
    DeviceId device;
    Bytes incarnation; ///< As authenticated, 16 octets.
    Executor* strand = nullptr;
};

} // namespace kith::server
