#include "core/e2ee/StateChange.h"

#include "core/e2ee/ports/PreKeyStore.h"
#include "core/e2ee/ports/SessionStore.h"

namespace kith
{

Result<void> applyChange(const StateChange& change, SessionStore& sessions, PreKeyStore& preKeys)
{
    for (const StateChange::Sessions& changed : change.sessions) {
        if (changed.set)
            KITH_CHECK(sessions.saveSessions(changed.device, changed.set->encode().exposeSecret()));
        else
            KITH_CHECK(sessions.removeSessions(changed.device));
    }
    for (const PreKeyId id : change.usedOneTimePreKeys)
        KITH_CHECK(preKeys.removeOneTimePreKey(id));
    for (const HandshakeOffer& offer : change.seenHandshakes)
        KITH_CHECK(preKeys.addSeenBaseKey(offer.signedPreKey, offer.baseKey));
    return {};
}

Result<void> applyPlan(const PreKeyPlan& plan, PreKeyStore& preKeys)
{
    if (plan.newSigned)
        KITH_CHECK(preKeys.saveSignedPreKey(*plan.newSigned));
    for (const PreKeyPair& pair : plan.newOneTime)
        KITH_CHECK(preKeys.saveOneTimePreKey(pair));
    for (const PreKeyId id : plan.dropSigned)
        KITH_CHECK(preKeys.removeSignedPreKey(id));
    return {};
}

} // namespace kith
