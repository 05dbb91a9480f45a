// Envelopes of a hostile peer or server: either raw, or a genuine one with octets changed. Nothing but the genuine
// octets may open, and a failure may change nothing.

#include "tests/support/e2ee/TestDevice.h"

#include <cstdlib>

using namespace kith;
using namespace kith::test;

namespace
{

struct Scene {
    WallTime now = wallFromMillis(1'767'225'600'000);
    SeededRandom dice{1};
    TestAccount anaAccount{dice};
    TestAccount benAccount{dice};
    TestDevice ana{anaAccount, now, 1};
    TestDevice ben{benAccount, now, 2};
    SessionSet anas{ben.own.identity};
    SessionSet bens{ana.own.identity};
    Bytes preKeyMessage;
    Bytes ratchetMessage;

    Scene()
    {
        anas = std::move(*anas.start(ana.own, ben.claimBundle(), now, ana.random));
        auto first = anas.seal(Bytes(96, 's'), now);
        bens = std::move(openedBy(bens, first->envelope)->next);
        anas = std::move(
            anas.open(ana.own, ben.own.identity, bens.seal("x", now)->envelope, ana.preKeys, {}, now, ana.random)
                ->next);
        ratchetMessage = anas.seal(Bytes(96, 's'), now)->envelope;
        SessionSet fresh{ben.own.identity};
        fresh = std::move(*fresh.start(ana.own, ben.claimBundle(), now, ana.random));
        preKeyMessage = fresh.seal(Bytes(96, 's'), now)->envelope;
    }
    Result<SessionSet::Opened> openedBy(const SessionSet& set, ByteView envelope)
    {
        return set.open(ben.own, ana.own.identity, envelope, ben.preKeys, {}, now, ben.random);
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Scene scene;
    if (size < 1)
        return 0;
    const ByteView input(reinterpret_cast<const char*>(data + 1), size - 1);
    const bool preKey = (data[0] & 2) != 0;
    const Bytes& genuine = preKey ? scene.preKeyMessage : scene.ratchetMessage;
    Bytes envelope(input);
    if ((data[0] & 1) != 0) {
        envelope = genuine;
        for (std::size_t i = 0; i + 1 < input.size(); i += 2) {
            const std::size_t at = static_cast<std::uint8_t>(input[i]) % envelope.size();
            envelope[at] = static_cast<char>(envelope[at] ^ input[i + 1]);
        }
    }
    const SecretBytes before = scene.bens.encode();
    const auto opened = scene.openedBy(scene.bens, envelope);
    if (opened && envelope != scene.preKeyMessage && envelope != scene.ratchetMessage)
        std::abort();
    if (!(scene.bens.encode() == before))
        std::abort();
    return 0;
}
