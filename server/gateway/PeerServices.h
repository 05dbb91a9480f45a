#pragma once
/// What a Peer is given by its hub: the services that all peers of a strand share, and the hub as they see it.
/// Owned by PeerHub. Thread: the strand's.

#include "core/base/Random.h"
#include "server/gateway/DeliveryBudget.h"
#include "server/gateway/DeviceDirectory.h"
#include "server/gateway/calls/CallContext.h"

namespace kith::server
{

class Peer;

/// What all peers of a strand share. Everything outlives them.
struct PeerServices {
    Chat& chat;
    const Clock& clock;
    Random& random;
    Executor& strand;
    DeviceDirectory& devices;
    DeliveryBudget& budget;
    ServerFacts facts;
};

/// The hub, as its peers see it.
class PeerOwner
{
public:
    virtual ~PeerOwner() = default;
    /// Subscribes the peer to its user's events; afterwards none is missed.
    virtual void subscribe(Peer& peer) = 0;
    virtual void unsubscribe(Peer& peer) = 0;
};

} // namespace kith::server
