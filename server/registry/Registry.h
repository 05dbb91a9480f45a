#pragma once
/// The registry port: which gateways hold connections of a user. A gateway keeps its entries alive with a lease, so
/// that those of a dead process vanish by themselves. A missing entry delays delivery to the idle check and an extra
/// one costs a hint: neither is an error. Implementations: local/ (one process).
///
/// Thread: any.

#include "core/base/Clock.h"
#include "core/base/StrongId.h"
#include "server/domain/Gateway.h"

#include <vector>

namespace kith::server
{

class Registry
{
public:
    virtual ~Registry() = default;
    /// Starts or extends the gateway's lease to now + `lease`; without one its entries are not seen.
    virtual void renew(GatewayId gateway, Millis lease) = 0;
    /// Forgets the gateway and all its entries.
    virtual void drop(GatewayId gateway) = 0;
    /// The gateway's first connection of `user` came. Adding twice is adding once.
    virtual void add(UserId user, GatewayId gateway) = 0;
    /// Its last one went.
    virtual void remove(UserId user, GatewayId gateway) = 0;
    /// Gateways with a live lease that hold `user`, sorted.
    [[nodiscard]] virtual std::vector<GatewayId> gatewaysOf(UserId user) const = 0;
};

} // namespace kith::server
