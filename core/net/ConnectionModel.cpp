#include "core/net/ConnectionModel.h"

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

} // namespace

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
