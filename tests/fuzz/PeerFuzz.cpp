// A hostile client: a sequence of frames to a connection, stranger or signed in, over the real rules. Input: one octet
// for who speaks, then steps of an octet for the method, one for a change of time or network, two for a length, and a
// body. Nothing may crash, and what waits to be sent stays within bounds.

#include "core/base/Log.h"
#include "tests/support/server/PeerWorld.h"

#include <cstdlib>

using namespace kith;
using namespace kith::test;

namespace
{

struct Scene : PeerWorld {
    Scene() : anna(person("anna")), ben(person("ben")), log(conversation(anna, ben))
    {
        wire::silenceProtobuf();
        setLogLevel(LogLevel::Error);
        for (int i = 0; i < 3; ++i)
            (void)send(anna, ben, log, Bytes(50'000, 'x'));
    }
    TestPerson anna;
    TestPerson ben;
    LogId log;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Scene world;
    if (size == 0)
        return 0;
    auto connection = (data[0] & 1) != 0 ? world.signIn(world.ben) : world.open();
    ByteView rest(reinterpret_cast<const char*>(data + 1), size - 1);
    while (rest.size() >= 4 && !connection.sink->closed) {
        const auto method = static_cast<wire::Method>(static_cast<std::uint8_t>(rest[0]));
        const auto what = static_cast<std::uint8_t>(rest[1]);
        const std::size_t length = std::min<std::size_t>(readBigEndian16(rest.substr(2)), rest.size() - 4);
        Bytes body(rest.substr(4, length));
        rest.remove_prefix(4 + length);
        if ((what & 2) != 0) // a body that names things which exist
            body = "\x0a\x10" + world.log.bytes() + body;
        if ((what & 4) != 0)
            connection.sink->stalled = true;
        if ((what & 8) != 0) {
            connection.sink->release();
            world.hub->writable(connection.id);
        }
        if ((what & 16) != 0)
            world.pass(1 + what / 32);
        if ((what & 1) != 0)
            world.feed(connection, body); // no frame at all
        else
            world.feed(connection, wire::encodeFrame(wire::REQUEST, method, ++connection.lastRequest, body));
        if (connection.sink->unsent() > (8U << 20))
            std::abort();
    }
    world.drop(connection);
    if (world.devices.size() != 0 || world.hub->size() != 0 || world.budget.used() > (1 << 20))
        std::abort();
    return 0;
}
