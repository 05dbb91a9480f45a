#pragma once
/// A new account: keys made and stored first, then told to the server, so that a crash at any instant either leaves
/// nothing or is resumed with the same keys. Owned by core/session while it runs. Engine thread.

#include "core/protocol/wire/rpc.pb.h"
#include "core/sync/SyncContext.h"

namespace kith
{

/// What is drawn once and kept: the account's identity and its first device.
struct NewAccount {
    UserId user;
    Ed25519KeyPair identity;
    OwnDevice device;

    [[nodiscard]] static NewAccount generate(WallTime now, Random& random);
};

/// Keeps a fresh account's secrets and `draft` (registered = false) in one transaction, or returns what an interrupted
/// registration kept.
[[nodiscard]] Result<NewAccount> prepareAccount(ClientStore& store, OwnAccount& draft, WallTime now, Random& random);
/// This device's keys, as the store holds them. A device that another one linked has no identity key beside them.
[[nodiscard]] Result<OwnDevice> loadDevice(ClientStore& store);

/// What an invite link brings along.
struct Invitation {
    std::string token; ///< Empty: the server must be open.
    Bytes inviter;     ///< SHA-256 of the inviting person's identity key; empty: the server itself invites.
};

/// Calls Register on an anonymous connection that is online. Done with the account as registered, which is stored; so
/// is who invited, verified by link. Where the server shows another key than the link's, or none, the error is
/// ManifestError::IdentityChanged and the account does not count as registered: it is tried again like one that was
/// interrupted.
void registerOn(net::Connection& connection, ClientStore& store, const NewAccount& account, OwnAccount draft,
                const Invitation& invitation, Random& random, Completion<OwnAccount> done);

} // namespace kith
