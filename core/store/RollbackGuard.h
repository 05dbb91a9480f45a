#pragma once
/// Notices that the database is not the newest one of this device: an old copy that was put back, or a copy on another
/// machine. Such a device would repeat ratchet states and send numbers, so it must forget its sessions and become a new
/// device (crypto.md section 7). A stamp {incarnation, counter} lies in the database and in the key vault, which does
/// not migrate with it; each start raises both. What it cannot see: an old copy put back between two starts, and a
/// folder copied together with a PassphraseVault; there the server notices the lower send_no. Thread: the engine
/// thread.

#include "core/base/KeyVault.h"
#include "core/base/Random.h"
#include "core/store/AccountStore.h"

#include <string>

namespace kith
{

enum class StateVerdict {
    Continues,  ///< The newest state of this device, or its first.
    RolledBack, ///< The vault has seen a newer one.
    Foreign,    ///< The vault does not know this database: a copy on another machine, or the keychain was lost.
};

class RollbackGuard
{
public:
    /// `name` is the database key's name in the vault; the stamp lies beside it under "<name>.state".
    RollbackGuard(AccountStore& account, KeyVault& vault, std::string name);

    /// Once at each start, before anything is sealed. Continues raises the counter; the others change nothing.
    [[nodiscard]] Result<StateVerdict> check(Random& random);
    /// This became a new device: a new incarnation, counter 1.
    [[nodiscard]] Result<void> startOver(Random& random);

private:
    [[nodiscard]] Result<StateStamp> vaultStamp();
    [[nodiscard]] Result<void> save(const StateStamp& stamp);

    AccountStore& account_;
    KeyVault& vault_;
    std::string name_;
};

} // namespace kith
