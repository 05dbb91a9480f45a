#pragma once
/// Who a connection is: a challenge signed by a listed device's key, or a resume token. A resume token saves the
/// handshake, never a position (mechanisms.md section 2). Thread: any; see Caller.h.

#include "core/base/Clock.h"
#include "server/chat/Caller.h"

namespace kith::server
{

struct ChatContext;

struct AuthenticateRequest {
    UserId user;
    DeviceId device;
    Bytes incarnation;
    Bytes signature; ///< Device signing key over authenticateLabel: server id | challenge | user | device.
    Bytes challenge; ///< 32 octets that this connection was given.
    Bytes address;   ///< For rate limits only.
};
struct SignedIn {
    UserId user;
    DeviceId device;
    Bytes incarnation;
    Bytes resumeToken; ///< A new one each time.
    std::uint32_t oneTimePreKeys = 0;
    std::uint64_t manifestVersion = 0;
    LogId accountLog;
    WallTime serverTime;
};

class Authentication
{
public:
    explicit Authentication(ChatContext& context) : context_(context) {}

    /// Unauthenticated for an unknown or revoked device, another incarnation (a restored copy: it must be linked as a
    /// new device) and a wrong signature; unknown and wrong answer alike.
    void authenticate(Executor& strand, AuthenticateRequest request, Done<SignedIn> done);
    void resume(Executor& strand, Bytes token, Done<SignedIn> done);
    /// Refuses every resume token that the device was given so far. The caller closes the connection.
    void logout(const Caller& caller, Done<void> done);

private:
    [[nodiscard]] Result<SignedIn> signedIn(UserId user, DeviceId device, const Bytes& incarnation);

    ChatContext& context_;
};

} // namespace kith::server
