#pragma once
/// Standard input as somebody types it: read to its end while the session goes on, so that the other side sees that
/// something is being written. Main thread.

#include "app/cli/Context.h"

#include <string>

namespace kith::cli
{

/// Connects meanwhile, but needs no connection. However long it takes, the deadline begins when it is done. At most
/// 1 MiB is read; Interrupted where the person gave up (Ctrl+C); nothing was sent then.
[[nodiscard]] Result<std::string> readTyped(Context& context, LogId log);

} // namespace kith::cli
