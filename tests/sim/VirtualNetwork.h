#pragma once
/// The network of a simulation: channels between clients' transports and the server's peers. As TCP does, a channel
/// keeps order and loses nothing while it lives; it breaks with a part of what was on the way lost, goes deaf in one
/// direction, or its frames reach the server when the device has long opened the next one. A hostile network also
/// loses, doubles and reorders within a living channel. Owned by the run. Single-threaded.

#include "core/net/Transport.h"
#include "server/gateway/PeerSink.h"
#include "tests/sim/World.h"

#include <list>
#include <map>

namespace kith::sim
{

class VirtualTransport;
class VirtualChannel;

class VirtualNetwork
{
public:
    enum class Cut {
        Break,    ///< Both sides hear of it soon.
        Linger,   ///< The client hears at once; the server gets what was sent, and hears of the end, seconds later.
        DeafUp,   ///< Nothing more reaches the server, and neither side is told.
        DeafDown, ///< Nothing more reaches the client, likewise.
        DeafBoth,
    };

    explicit VirtualNetwork(World& world) : world_(world) {}

    /// The server listens with these gateways; a connection comes to one of them. None: open channels break.
    void serve(std::vector<server::PeerEvents*> gateways, Life life);
    void cut(VirtualTransport& client, Cut how);
    /// While unreachable, opening fails.
    void setReachable(VirtualTransport& client, bool reachable);
    /// Milliseconds one way, drawn anew for each frame.
    void setLatency(Millis least, Millis most);
    /// In a thousand frames so many are lost, doubled and overtaken, each.
    void setHostile(unsigned perMille) { hostile_ = perMille; }
    /// Channels that a hostile network has touched break: no carrier would go on with them.
    void breakTouched();

private:
    friend class VirtualTransport;
    friend class VirtualChannel;

    [[nodiscard]] Millis latency();
    [[nodiscard]] bool hostile() { return hostile_ > 0 && world_.below(1000) < hostile_; }
    void open(VirtualTransport& client);

    World& world_;
    std::vector<server::PeerEvents*> gateways_;
    Life serverLife_;
    Millis least_{1};
    Millis most_{20};
    unsigned hostile_ = 0;
    std::uint64_t lastId_ = 0;
    std::map<std::uint64_t, std::shared_ptr<VirtualChannel>> channels_; ///< Whose server side stands.
};

/// One channel; what the server's side writes to.
class VirtualChannel final : public server::PeerSink, public std::enable_shared_from_this<VirtualChannel>
{
public:
    VirtualChannel(VirtualNetwork& network, VirtualTransport& client, server::PeerEvents& peers, std::uint64_t id);

    void sendFrame(Bytes frame) override;
    [[nodiscard]] std::size_t unsent() const override { return unsent_; }
    void notifyBelow(std::size_t threshold) override;
    void setReading(bool) override {} // a virtual device sends little
    void signedIn() override {}
    void dropUnsent() override;
    void close() override;

    void toServer(Bytes frame);
    [[nodiscard]] server::ConnectionId id() const { return server::ConnectionId{id_}; }

private:
    friend class VirtualNetwork;
    friend class VirtualTransport;

    struct Outgoing {
        Bytes frame;
        bool dropped = false;
    };
    struct Direction {
        Millis last{0};              ///< Nothing arrives before it, but what a hostile network lets overtake.
        Millis brokenAt = forever(); ///< What would arrive after it is lost.
        Millis heldUntil{0};         ///< What would arrive before it waits.
        bool deaf = false;
    };
    static constexpr Millis forever() { return Millis::max(); }

    [[nodiscard]] Millis arrival(Direction& direction);
    /// How often a frame goes out: a hostile network takes it away or doubles it.
    [[nodiscard]] int copies();
    void deliver(const std::shared_ptr<Outgoing>& outgoing);
    void arrive(const Bytes& frame);
    void leave(const std::shared_ptr<Outgoing>& outgoing);
    void breakDown();
    void linger();
    void clientLeaves(Millis toldAfter, bool told);
    void serverHears(Millis after);

    VirtualNetwork& network_;
    VirtualTransport* client_; ///< Null once it has another channel or is gone.
    server::PeerEvents& peers_;
    const std::uint64_t id_;
    std::shared_ptr<std::uint64_t> newest_; ///< Id of the device's newest channel.
    bool serverOpen_ = true;
    bool touched_ = false;
    Direction up_;
    Direction down_;
    std::list<std::shared_ptr<Outgoing>> outgoing_;
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

    void drop();

    VirtualNetwork& network_;
    Life life_;
    net::TransportEvents events_;
    std::shared_ptr<VirtualChannel> channel_;
    std::shared_ptr<std::uint64_t> newest_ = std::make_shared<std::uint64_t>(0);
    std::uint64_t attempt_ = 0;
    bool reachable_ = true;
};

} // namespace kith::sim
