#pragma once
/// What every part of core/sync works with, and what the parts tell each other. Owned by SyncEngine, outlives its
/// parts. Engine thread.

#include "core/base/Clock.h"
#include "core/base/Executor.h"
#include "core/base/Random.h"
#include "core/base/Timers.h"
#include "core/domain/OwnAccount.h"
#include "core/e2ee/ConversationCrypto.h"
#include "core/net/Connection.h"
#include "core/store/ClientStore.h"

#include <functional>

namespace kith
{

template <class T> using Completion = std::function<void(Result<T>)>;

struct SyncContext {
    const Clock& clock;
    Random& random;
    Timers& timers;
    Executor& executor;
    ClientStore& store;
    net::Connection& connection;
    ConversationCrypto& crypto;
    const OwnDevice& ownDevice;
    OwnAccount account;
    /// The server has confirmed what this device states of itself, on this connection (Positions.h).
    bool positionsConfirmed = false;

    /// The server's time while connected, monotone; before the first answer this device's clock, which only shows in
    /// what is local (mechanisms.md section 1, "Time").
    [[nodiscard]] WallTime now() const { return connection.serverTime().value_or(clock.wall()); }
    /// Authenticated: calls reach the server.
    [[nodiscard]] bool connected() const
    {
        const auto state = connection.fact().state;
        return state == net::ConnectionState::CatchingUp || state == net::ConnectionState::Online;
    }
    [[nodiscard]] bool online() const { return connection.fact().state == net::ConnectionState::Online; }
    /// Ratchets may step: this is no old copy.
    [[nodiscard]] bool maySeal() const { return online() && positionsConfirmed; }
};

} // namespace kith
