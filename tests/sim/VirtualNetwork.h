#pragma once
/// The network of a simulation: ordered channels between clients' transports and the server's peers, with latency, cuts
/// and half-open channels on which nobody hears anything any more. A channel never reorders or doubles by itself, as
/// TCP does not; what is lost or doubled comes from cuts at any instant and from retries. Owned by the run.
/// Single-threaded.

#include "core/net/Transport.h"
#include "server/gateway/PeerSink.h"
#include "tests/sim/World.h"

#include <deque>
#include <map>

namespace kith::sim
{

class VirtualTransport;
class VirtualChannel;

class VirtualNetwork
{
public:
    explicit VirtualNetwork(World& world) : world_(world) {}

    /// The server listens with these peers; null: nobody listens and open channels break.
    void serve(server::PeerEvents* peers, Life life);
    /// Breaks every channel of that client. `silent`: neither side is told; they find out by their heartbeats.
    void cut(VirtualTransport& client, bool silent);
    /// While unreachable, opening fails.
    void setReachable(VirtualTransport& client, bool reachable);
    /// Milliseconds one way, drawn anew for each frame.
    void setLatency(Millis least, Millis most);

private:
    friend class VirtualTransport;
    friend class VirtualChannel;

    [[nodiscard]] Millis latency();
    void open(VirtualTransport& client);

    World& world_;
    server::PeerEvents* peers_ = nullptr;
    Life serverLife_;
    Millis least_{1};
    Millis most_{20};
    std::uint64_t lastId_ = 0;
    std::map<std::uint64_t, std::shared_ptr<VirtualChannel>> channels_;
};

/// One channel; what the server's side writes to.
class VirtualChannel final : public server::PeerSink, public std::enable_shared_from_this<VirtualChannel>
{
public:
    VirtualChannel(VirtualNetwork& network, VirtualTransport* client, std::uint64_t id);

    void sendFrame(Bytes frame) override;
    [[nodiscard]] std::size_t unsent() const override { return unsent_; }
    void notifyBelow(std::size_t threshold) override;
    void setReading(bool) override {} // a virtual device sends little
    void signedIn() override {}
    void dropUnsent() override;
    void close() override;

    void toServer(Bytes frame);
    /// The client closes, or the network does; `tellClient` with words where it shall hear of it.
    void end(bool tellServer, bool tellClient);

    [[nodiscard]] server::ConnectionId id() const { return server::ConnectionId{id_}; }

private:
    friend class VirtualNetwork;
    friend class VirtualTransport;

    struct Outgoing {
        Bytes frame;
        bool dropped = false;
    };

    [[nodiscard]] Millis arrival(Millis& last);
    void forget();

    VirtualNetwork& network_;
    VirtualTransport* client_; ///< Null once it has another channel or is gone.
    std::uint64_t id_;
    bool standing_ = true;
    bool silent_ = false;
    Millis lastToServer_{0};
    Millis lastToClient_{0};
    std::deque<std::shared_ptr<Outgoing>> outgoing_;
    std::size_t unsent_ = 0;
    std::size_t tellBelow_ = 0;
};

class VirtualTransport final : public net::Transport
{
public:
    VirtualTransport(VirtualNetwork& network, Life life) : network_(network), life_(std::move(life)) {}
    ~VirtualTransport() override;

    void setEvents(net::TransportEvents events) override { events_ = std::move(events); }
    void open(const net::ServerAddress& address, const net::Pins& pins) override;
    void sendBinary(ByteView message) override;
    void close(net::CloseCode code, const std::string& words) override;
    [[nodiscard]] std::size_t bytesBuffered() const override { return 0; }

private:
    friend class VirtualNetwork;
    friend class VirtualChannel;

    void drop(bool tellServer);

    VirtualNetwork& network_;
    Life life_;
    net::TransportEvents events_;
    std::shared_ptr<VirtualChannel> channel_;
    std::uint64_t attempt_ = 0;
    bool opened_ = false;
    bool reachable_ = true;
};

} // namespace kith::sim
