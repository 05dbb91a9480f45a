// Stored session state, as a damaged database could give it: parses or fails, and what parses is written again octet by
// octet and serves without a fault.

#include "tests/support/e2ee/TestDevice.h"

#include <cstdlib>

using namespace kith;
using namespace kith::test;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const ByteView input(reinterpret_cast<const char*>(data), size);
    static_cast<void>(OwnDevice::decode(input).ok());
    const auto set = SessionSet::decode(input);
    if (!set)
        return 0;
    if (set->encode().exposeSecret() != input)
        std::abort();
    static const WallTime now = wallFromMillis(1'767'225'600'000);
    static SeededRandom dice(1);
    static const TestAccount account(dice);
    static TestDevice device(account, now, 1);
    const auto sealed = set->seal("text", now);
    if (!sealed)
        return 0;
    const auto opened =
        sealed->next.open(device.own, device.own.identity, sealed->envelope, device.preKeys, {}, now, device.random);
    static_cast<void>(opened.ok());
    if (sealed->next.afterFailure(now).encode().size() > (512U << 10))
        std::abort();
    return 0;
}
