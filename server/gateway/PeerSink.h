#pragma once
/// The two sides of a connection as the rules' side sees it: PeerSink takes what a Peer says, PeerEvents hears what
/// happens. A socket stands behind them in the server, a virtual network in simulation.
///
/// Thread: both live on the connection's strand; implementations move to and from the event loop by themselves.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <memory>

namespace kith::server
{

/// One connection of one process, never reused.
using ConnectionId = StrongNumber<struct ConnectionIdTag>;

class PeerSink
{
public:
    virtual ~PeerSink() = default;
    /// Takes a whole frame; order is kept, nothing blocks. After close() it is dropped.
    virtual void sendFrame(Bytes frame) = 0;
    /// Octets taken and not yet handed to the network.
    [[nodiscard]] virtual std::size_t unsent() const = 0;
    /// Asks for one PeerEvents::writable() when unsent() has fallen below `threshold`; at once where it is.
    virtual void notifyBelow(std::size_t threshold) = 0;
    /// Back-pressure: while off, nothing is read from the network, so the other end's sending stalls. Frames read
    /// before still come.
    virtual void setReading(bool on) = 0;
    /// The device is known: from here on frames may have their full size.
    virtual void signedIn() = 0;
    /// Frames that wait and have not begun to leave are forgotten: the memory is needed.
    virtual void dropUnsent() = 0;
    /// Ends the connection after what was sent; gone() follows.
    virtual void close() = 0;
};

class PeerEvents
{
public:
    virtual ~PeerEvents() = default;
    /// `address`: of the other end, for rate limits only; never logged.
    virtual void opened(ConnectionId id, std::shared_ptr<PeerSink> sink, Bytes address) = 0;
    virtual void frame(ConnectionId id, Bytes bytes) = 0;
    virtual void writable(ConnectionId id) = 0;
    /// Exactly once, last.
    virtual void gone(ConnectionId id) = 0;
};

} // namespace kith::server
