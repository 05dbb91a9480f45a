// Whatever a hostile server says: each message either is understood or breaks the channel, every call ends exactly
// once, and nothing is said on a channel that is gone. Input: messages, each after two octets of length.

#include "core/net/RpcClient.h"
#include "core/net/ServerAddress.h"
#include "tests/support/base/VirtualTime.h"

#include <cstdlib>

using namespace kith;
using namespace kith::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    test::FakeClock clock;
    test::VirtualTime time(clock);
    constexpr int calls = 5;
    int ended[calls] = {};
    bool broken = false;
    {
        RpcClient rpc(clock, time,
                      RpcOutlets{[](ByteView) {}, [] { return std::size_t{0}; },
                                 [&](const std::string& words) {
                                     if (words.empty())
                                         std::abort();
                                     broken = true;
                                 }},
                      RpcLimits{.maxInFlight = 3});
        rpc.open();
        rpc.allowCalls();
        for (int& count : ended)
            rpc.call<wire::SyncRequest, wire::SyncResponse>(wire::SYNC, {},
                                                            [&count](const Result<wire::SyncResponse>&) { ++count; });
        std::size_t at = 0;
        while (!broken && at + 2 <= size) {
            const std::size_t length = std::min<std::size_t>(data[at] * 256U + data[at + 1], size - at - 2);
            rpc.receive(ByteView(reinterpret_cast<const char*>(data) + at + 2, length));
            at += 2 + length;
        }
        rpc.drop("over");
        time.settle();
    }
    for (const int count : ended)
        if (count != 1)
            std::abort();
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto address = ServerAddress::parse(text); address.ok()) {
        const auto again = ServerAddress::parse(address.value().authority());
        if (!again.ok() || again.value().host != address.value().host || again.value().port != address.value().port)
            std::abort();
        if (address.value().plain && !address.value().isLoopback())
            std::abort();
    }
    return 0;
}
