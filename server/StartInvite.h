#pragma once
/// The link with which the first person registers. Every start of a server that nobody has registered on makes a new
/// one, because only hashes of links are kept, and ends the one before: there is never more than one.
/// Thread: the main thread; blocks until the storage has answered.

#include "server/DataDirectory.h"
#include "server/chat/accounts/Accounts.h"

#include <optional>

namespace kith::server
{

/// The token; nothing once somebody is registered, who can be asked for an invite. `strand` runs meanwhile.
[[nodiscard]] Result<std::optional<std::string>> newStartInvite(Accounts& accounts, Executor& strand,
                                                                const DataDirectory& data);

} // namespace kith::server
