#include "server/chat/accounts/InviteRules.h"

#include "core/crypto/Hash.h"

namespace kith::server
{

namespace
{

constexpr std::size_t hashSize = 16;

Error refusedInvite(std::string sentence)
{
    return Error::make(ChatError::Denied, std::move(sentence));
}

} // namespace

Bytes inviteHash(ByteView token)
{
    return Bytes(sha256({ByteView("kith invite v1"), token}).view().substr(0, hashSize));
}

Bytes inviteNamed(ByteView tokenOrId)
{
    if (tokenOrId.size() == 2 * hashSize) {
        if (std::optional<Bytes> hash = fromHex(tokenOrId))
            return *hash;
    }
    return inviteHash(tokenOrId);
}

InviteState stateOf(const Invite& invite, WallTime now)
{
    if (invite.revoked)
        return InviteState::Revoked;
    if (invite.used >= invite.uses)
        return InviteState::Used;
    return now >= invite.expires ? InviteState::Expired : InviteState::Open;
}

InviteView viewOf(const Invite& invite, WallTime now)
{
    return {toHex(invite.tokenHash), invite.creator, invite.created, invite.expires, invite.uses, invite.used,
            stateOf(invite, now),    invite.handle};
}

Result<void> checkInvite(const std::optional<Loaded<Invite>>& invite, ByteView handle, WallTime now, bool claimed)
{
    if (!invite)
        return refusedInvite("This invite does not exist on this server.");
    switch (stateOf(invite->value, now)) {
    case InviteState::Revoked:
        return refusedInvite("This invite was revoked: ask for a new one.");
    case InviteState::Used:
        return refusedInvite("This invite was used already: ask for a new one.");
    case InviteState::Expired:
        return refusedInvite("This invite has expired: ask for a new one.");
    case InviteState::Open:
        break;
    }
    if (!invite->value.handle.empty() && invite->value.handle != handle)
        return refusedInvite("This invite is for the name \"" + invite->value.handle + "\" only.");
    if (!claimed && invite->value.used + invite->value.claims.size() >= invite->value.uses)
        return refusedInvite("This invite is being used at this moment by somebody else.");
    return {};
}

Result<bool> holdsHandle(const Storage& storage, const HandleRecord& record, WallTime now)
{
    if (record.state != HandleRecord::State::Reserved)
        return true;
    KITH_TRY(const auto invite, load<Invite>(storage, inviteKey(record.invite)));
    return invite && stateOf(invite->value, now) == InviteState::Open;
}

} // namespace kith::server
