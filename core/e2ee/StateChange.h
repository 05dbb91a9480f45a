#pragma once
/// What sealing or opening changes, as a value: core/sync writes it in the same database transaction as the message, so
/// that ciphertext, plaintext and key state are never apart (style.md rule 13). Thread: the engine thread.

#include "core/e2ee/SessionSet.h"

namespace kith
{

class SessionStore;
class PreKeyStore;

struct StateChange {
    struct Sessions {
        DeviceAddress device;
        std::optional<SessionSet> set; ///< Absent: remove.
    };
    std::vector<Sessions> sessions;
    std::vector<PreKeyId> usedOneTimePreKeys;
    std::vector<HandshakeOffer> seenHandshakes;

    [[nodiscard]] bool empty() const
    {
        return sessions.empty() && usedOneTimePreKeys.empty() && seenHandshakes.empty();
    }
};

/// Writes all of it through the ports; the caller holds the transaction and rolls back on an error.
[[nodiscard]] Result<void> applyChange(const StateChange& change, SessionStore& sessions, PreKeyStore& preKeys);
/// The same for a plan of planPreKeys(); publish only after the commit.
[[nodiscard]] Result<void> applyPlan(const PreKeyPlan& plan, PreKeyStore& preKeys);

} // namespace kith
