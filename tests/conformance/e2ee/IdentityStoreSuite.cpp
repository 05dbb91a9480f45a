#include "tests/conformance/e2ee/IdentityStoreSuite.h"

#include "tests/conformance/e2ee/Expect.h"
#include "tests/support/base/SeededRandom.h"

namespace kith::test
{

std::string identityStoreFault(IdentityStore& store)
{
    SeededRandom random(23);
    KITH_EXPECT(store.loadOwnDevice().ok() && !store.loadOwnDevice()->has_value());
    KITH_EXPECT(store.loadIdentitySecret().ok() && !store.loadIdentitySecret()->has_value());
    const Bytes device = random.bytes(200);
    const Bytes secret = random.bytes(64);
    KITH_EXPECT(store.saveOwnDevice(device).ok() && store.saveIdentitySecret(secret).ok());
    KITH_EXPECT((*store.loadOwnDevice())->exposeSecret() == device);
    KITH_EXPECT((*store.loadIdentitySecret())->exposeSecret() == secret);
    KITH_EXPECT(store.saveOwnDevice("renewed").ok());
    KITH_EXPECT((*store.loadOwnDevice())->exposeSecret() == "renewed");

    const UserId user = random.id<UserId>();
    KITH_EXPECT(store.identity(user).ok() && !store.identity(user)->has_value());
    KnownIdentity known{*Ed25519PublicKey::fromBytes(random.bytes(32)), Verification::ByLink, 3, random.bytes(2000)};
    KITH_EXPECT(store.saveIdentity(user, known).ok());
    KITH_EXPECT(**store.identity(user) == known);
    known.verification = Verification::Compared;
    known.manifestVersion = 1ULL << 40;
    KITH_EXPECT(store.saveIdentity(user, known).ok());
    KITH_EXPECT(**store.identity(user) == known);
    KITH_EXPECT(!store.identity(random.id<UserId>())->has_value());
    return {};
}

} // namespace kith::test
