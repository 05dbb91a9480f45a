#include "core/net/ConnectionState.h"

namespace kith::net
{

std::string_view stateName(ConnectionState state)
{
    switch (state) {
    case ConnectionState::Stopped:
        return "stopped";
    case ConnectionState::Connecting:
        return "connecting";
    case ConnectionState::CatchingUp:
        return "catching_up";
    case ConnectionState::Online:
        return "online";
    case ConnectionState::Offline:
        return "offline";
    case ConnectionState::Unreachable:
        return "unreachable";
    case ConnectionState::CertificateProblem:
        return "certificate_problem";
    case ConnectionState::NewerProtocol:
        return "newer_protocol";
    case ConnectionState::Revoked:
        return "revoked";
    case ConnectionState::Restarting:
        return "restarting";
    }
    return "stopped";
}

std::string wordsWithKeys(const ConnectionFact& fact)
{
    std::string text = fact.words;
    if (!fact.pinnedKey.empty())
        text += "; pinned key " + toHex(fact.pinnedKey) + ", presented key " + toHex(fact.presentedKey);
    else if (!fact.presentedKey.empty())
        text += "; presented key " + toHex(fact.presentedKey);
    return text;
}

} // namespace kith::net
