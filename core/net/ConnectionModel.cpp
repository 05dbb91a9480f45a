#include "core/net/ConnectionModel.h"

#include <algorithm>

namespace kith::net
{
namespace
{

ConnectionState stateOf(const ConnectionModel& model)
{
    switch (model.phase) {
    case ConnectionPhase::Stopped:
        return ConnectionState::Stopped;
    case ConnectionPhase::Halted:
        return ConnectionState::Revoked;
    case ConnectionPhase::CatchingUp:
        return ConnectionState::CatchingUp;
    case ConnectionPhase::Online:
        return ConnectionState::Online;
    default:
        break;
    }
    switch (model.trouble) {
    case ConnectionTrouble::None:
        return ConnectionState::Connecting;
    case ConnectionTrouble::Unreachable:
        return ConnectionState::Unreachable;
    case ConnectionTrouble::NoNetwork:
    case ConnectionTrouble::Replaced:
        return ConnectionState::Offline;
    case ConnectionTrouble::Certificate:
        return ConnectionState::CertificateProblem;
    case ConnectionTrouble::Version:
        return ConnectionState::NewerProtocol;
    case ConnectionTrouble::Restarting:
        return ConnectionState::Restarting;
    }
    return ConnectionState::Connecting;
}

/// The earliest thing that a model waits for, overdue or not.
MonoTime dueAt(const ConnectionModel& model)
{
    using Times = ConnectionTimes;
    if (model.phase == ConnectionPhase::Waiting)
        return model.retryAt;
    if (model.trying())
        return std::min(slowAt(model), model.tryBegan + Times::giveUpAfter);
    if (model.probeUntil)
        return *model.probeUntil;
    return std::min(model.lastHeard + Times::deafAfter, pingAt(model));
}

} // namespace

MonoTime slowAt(const ConnectionModel& model)
{
    const MonoTime slow = model.tryBegan + ConnectionTimes::slowAfter;
    if (model.trouble == ConnectionTrouble::None)
        return slow;
    return model.trouble == ConnectionTrouble::Restarting ? std::max(slow, model.restartUntil) : MonoTime::max();
}

MonoTime pingAt(const ConnectionModel& model)
{
    return std::max(std::min(model.lastHeard, model.lastSpoke), model.lastPing) + ConnectionTimes::heartbeat;
}

std::optional<MonoTime> nextWake(const ConnectionModel& model, MonoTime now)
{
    if (model.phase == ConnectionPhase::Stopped || model.phase == ConnectionPhase::Halted)
        return std::nullopt;
    return std::clamp(dueAt(model), now + Millis{1}, now + ConnectionTimes::clockWatch);
}

ConnectionFact factOf(const ConnectionModel& model)
{
    ConnectionFact fact;
    fact.state = stateOf(model);
    fact.words = model.words;
    if (model.phase == ConnectionPhase::Waiting)
        fact.retryAt = model.retryAt;
    fact.pinnedKey = model.pinnedKey;
    fact.presentedKey = model.presentedKey;
    return fact;
}

} // namespace kith::net
