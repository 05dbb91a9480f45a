#include "server/gateway/PeerState.h"

namespace kith::server
{
namespace
{

bool signsIn(const wire::Call& call)
{
    return call.method == wire::REGISTER || call.method == wire::AUTHENTICATE || call.method == wire::RESUME;
}

} // namespace

Verdict judge(PeerState state, const wire::Call* call)
{
    if (state == PeerState::Closed)
        return Verdict::Ignore;
    if (call == nullptr)
        return Verdict::NoSuchCall;
    if (state == PeerState::Draining)
        return Verdict::GoingAway;
    if (state == PeerState::Greeting)
        return call->beforeAuthentication ? Verdict::Serve : Verdict::SignInFirst;
    return signsIn(*call) ? Verdict::SignedInBefore : Verdict::Serve;
}

Error refusalOf(Verdict verdict)
{
    using wire::WireCode;
    switch (verdict) {
    case Verdict::NoSuchCall:
        return Error::make(WireCode::Invalid, "this server does not know that call; it may be older than the program");
    case Verdict::SignInFirst:
        return Error::make(WireCode::Unauthenticated, "sign in first, with Authenticate or Resume");
    case Verdict::SignedInBefore:
        return Error::make(WireCode::Invalid, "this connection is signed in already");
    case Verdict::GoingAway:
    case Verdict::Serve:
    case Verdict::Ignore:
        break;
    }
    return Error::make(WireCode::Unavailable, "the server restarts; try again in a moment");
}

} // namespace kith::server
