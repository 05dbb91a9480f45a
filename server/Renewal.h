#pragma once
/// `restored` and `repair`: what both end with is a new generation of every log, because devices may hold entries and
/// keys that this store does not know of. Thread: the main thread.

#include "server/Commands.h"
#include "server/storage/engine/LogEngine.h"

namespace kith::server
{

struct Settings;

/// Opens the store, which no server may use, and starts a new generation. `salvaged`: after a repair, which ends here.
[[nodiscard]] Result<Renewed> renewStore(const Settings& settings, bool acceptClock, bool salvaged);

} // namespace kith::server
