// Any order of events at any times: the connection's machine never stops waiting while it should connect, never spins,
// never uses a channel that it has not opened, and never loses a channel without closing it.
// Input: three octets an event: kind, a detail, and the time since the one before.

#include "core/net/ConnectionMachine.h"
#include "tests/support/base/SeededRandom.h"

#include <cstdlib>

using namespace kith;
using namespace kith::net;

namespace
{

void require(bool holds)
{
    if (!holds)
        std::abort();
}

ConnectionEvent eventOf(const std::uint8_t* octets)
{
    ConnectionEvent event;
    event.kind = static_cast<ConnectionEventKind>(octets[0] % connectionEventKinds);
    event.error.kind = static_cast<TransportFailure>(octets[1] % 9);
    event.reason = static_cast<GoodbyeReason>(octets[1] % 7);
    event.minor = octets[1] % 3;
    event.oldestMinor = octets[1] / 3 % 3;
    event.retryAfter = Millis{octets[1] * 4'000};
    return event;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    test::SeededRandom random(7);
    ConnectionModel model;
    MonoTime now{Millis{1'000}};
    WallTime wall = wallFromMillis(1'767'225'600'000);
    bool channel = false;
    for (std::size_t i = 0; i + 3 <= size; i += 3) {
        ConnectionEvent event = eventOf(data + i);
        // From moments to days, and now and then a wall clock that goes its own way.
        const Millis passed{std::int64_t{1} << (data[i + 2] % 28)};
        now += passed;
        wall += data[i + 2] > 240 ? -passed : passed;
        event.now = now;
        event.wall = wall;
        const ConnectionStep step = nextStep(model, event, random);
        for (const ConnectionAction action : step.actions) {
            switch (action) {
            case ConnectionAction::Open:
                require(!channel);
                channel = true;
                break;
            case ConnectionAction::CloseNormal:
            case ConnectionAction::CloseDeaf:
            case ConnectionAction::CloseProtocol:
                channel = false;
                break;
            default:
                require(channel);
            }
        }
        model = step.model;
        require(channel == (model.trying() || model.live()));
        const bool idle = model.phase == ConnectionPhase::Stopped || model.phase == ConnectionPhase::Halted;
        require(idle == !model.wakeAt.has_value());
        require(idle || (*model.wakeAt > now && *model.wakeAt <= now + ConnectionTimes::clockWatch));
        require(model.phase != ConnectionPhase::Waiting ||
                model.retryAt <= now + ConnectionTimes::longestAsk + Backoff::longest);
        (void)factOf(model);
    }
    return 0;
}
