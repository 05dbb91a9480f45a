#include "tests/conformance/e2ee/SessionStoreSuite.h"

#include "tests/conformance/e2ee/Expect.h"
#include "tests/support/base/SeededRandom.h"

namespace kith::test
{

std::string sessionStoreFault(SessionStore& store)
{
    SeededRandom random(21);
    const UserId user = random.id<UserId>();
    DeviceAddress one{user, random.id<DeviceId>()};
    DeviceAddress two{user, random.id<DeviceId>()};
    if (two < one)
        std::swap(one, two);
    const DeviceAddress other{random.id<UserId>(), one.device};

    KITH_EXPECT(store.loadSessions(one).ok() && !store.loadSessions(one)->has_value());
    KITH_EXPECT(store.devicesWithSessions(user)->empty());
    KITH_EXPECT(store.removeSessions(one).ok());

    const Bytes binary("a\0b\xff", 4);
    KITH_EXPECT(store.saveSessions(two, binary).ok());
    KITH_EXPECT(store.saveSessions(one, "first").ok());
    KITH_EXPECT(store.saveSessions(other, "other").ok());
    KITH_EXPECT((*store.loadSessions(two))->exposeSecret() == binary);
    KITH_EXPECT(store.saveSessions(one, "second").ok());
    KITH_EXPECT((*store.loadSessions(one))->exposeSecret() == "second");
    KITH_EXPECT((*store.loadSessions(other))->exposeSecret() == "other");
    KITH_EXPECT((*store.devicesWithSessions(user) == std::vector{one, two}));

    const Bytes large(512U << 10, 'x');
    KITH_EXPECT(store.saveSessions(two, large).ok());
    KITH_EXPECT((*store.loadSessions(two))->exposeSecret() == large);

    KITH_EXPECT(store.removeSessions(one).ok());
    KITH_EXPECT(!store.loadSessions(one)->has_value());
    KITH_EXPECT((*store.devicesWithSessions(user) == std::vector{two}));
    KITH_EXPECT(store.loadSessions(other)->has_value());
    return {};
}

} // namespace kith::test
