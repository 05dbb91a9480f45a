#pragma once
/// A device in a test: identity, memory stores, pre-keys published to a list that hands each one-time key out once, and
/// a DirectCrypto over them. Owned by the test. Thread: one.

#include "core/crypto/Sign.h"
#include "core/e2ee/DirectCrypto.h"
#include "tests/support/base/SeededRandom.h"
#include "tests/support/e2ee/MemoryPreKeyStore.h"
#include "tests/support/e2ee/MemorySessionStore.h"

#include <deque>
#include <memory>

namespace kith::test
{

/// An account: a user id and its identity key.
struct TestAccount {
    UserId user;
    Ed25519KeyPair identity;

    explicit TestAccount(Random& random) : user(random.id<UserId>()), identity(generateEd25519(random)) {}
};

class TestDevice
{
public:
    TestDevice(const TestAccount& account, WallTime now, std::uint64_t seed)
        : random(seed), own(OwnDevice::generate(account.user, account.identity.publicKey, now, random))
    {
        publish(now);
        reopen();
    }

    /// As after a restart: everything in memory is gone, the stores stay.
    void reopen() { crypto = std::make_unique<DirectCrypto>(own.clone(), sessions, preKeys, random); }

    /// What the daily job does.
    void publish(WallTime now)
    {
        PreKeyInventory inventory = std::move(*preKeys.inventory());
        inventory.oneTimeOnServer = oneTimeOnServer.size();
        const PreKeyPlan plan = planPreKeys(inventory, own, now, random);
        (void)applyPlan(plan, preKeys).ok();
        if (plan.publishSigned)
            signedOnServer = *plan.publishSigned;
        oneTimeOnServer.insert(oneTimeOnServer.end(), plan.publishOneTime.begin(), plan.publishOneTime.end());
    }

    /// What the server hands out; the one-time pre-key is gone from it afterwards.
    PreKeyBundle claimBundle()
    {
        PreKeyBundle bundle{own.identity, signedOnServer, std::nullopt, 0};
        if (!oneTimeOnServer.empty()) {
            bundle.oneTimePreKey = oneTimeOnServer.front();
            oneTimeOnServer.pop_front();
        }
        return bundle;
    }

    [[nodiscard]] bool commit(const StateChange& change) { return applyChange(change, sessions, preKeys).ok(); }
    [[nodiscard]] DeviceAddress address() const { return own.identity.address(); }

    SeededRandom random;
    OwnDevice own;
    MemorySessionStore sessions;
    MemoryPreKeyStore preKeys;
    SignedPreKeyPublic signedOnServer;
    std::deque<OneTimePreKeyPublic> oneTimeOnServer;
    std::unique_ptr<DirectCrypto> crypto;
};

} // namespace kith::test
