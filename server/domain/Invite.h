#pragma once
/// Invites. The token is known to whoever holds the link; the server keeps its SHA-256. Plain values.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <vector>

namespace kith::server
{

struct Invite {
    Bytes tokenHash;
    UserId creator; ///< Null: the operator.
    WallTime created;
    WallTime expires;
    std::uint32_t uses = 1; ///< How many accounts it may make.
    std::uint32_t used = 0;
    std::vector<UserId> claims; ///< Registrations in progress: each counts as a use until it ends.
    bool revoked = false;
    Bytes handle; ///< The only name that it registers; empty: any.
};

struct CreatedInvite {
    std::string token; ///< base64url; shown once.
    WallTime expires;
    std::string id; ///< As InviteView's.
};

enum class InviteState : std::uint8_t { Open, Used, Expired, Revoked };
struct InviteView {
    std::string id; ///< Hex, from the token's hash: names it without giving it away.
    UserId creator;
    WallTime created;
    WallTime expires;
    std::uint32_t uses = 0;
    std::uint32_t used = 0;
    InviteState state = InviteState::Open;
    Bytes handle;
};

} // namespace kith::server
