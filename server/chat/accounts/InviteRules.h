#pragma once
/// Invites: which may be used, and in what words one is refused. Thread: pure but for the storage reads; the strand of
/// the call.

#include "server/chat/records/Records.h"

namespace kith::server
{

constexpr std::size_t inviteTokenSize = 20;

/// What the storage knows a token by; its hex is the invite's id.
[[nodiscard]] Bytes inviteHash(ByteView token);
/// The hash that a token, or an id as listed, names.
[[nodiscard]] Bytes inviteNamed(ByteView tokenOrId);

[[nodiscard]] InviteState stateOf(const Invite& invite, WallTime now);
[[nodiscard]] InviteView viewOf(const Invite& invite, WallTime now);
/// Whether it registers `handle` now; `claimed`: by a registration that already holds one of its uses.
[[nodiscard]] Result<void> checkInvite(const std::optional<Loaded<Invite>>& invite, ByteView handle, WallTime now,
                                       bool claimed);

/// A reserved handle is free again when the invite that it waits for cannot be used any more.
[[nodiscard]] Result<bool> holdsHandle(const Storage& storage, const HandleRecord& record, WallTime now);

} // namespace kith::server
