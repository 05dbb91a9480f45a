#pragma once
/// All peers of one strand: brings them frames and bus events, finds lost bus messages, ends those who are silent,
/// never signed in, or too slow when memory is short. One gateway of the bus and the registry.
///
/// Owned by the composition root, one for each strand. Thread: its strand; made and destroyed while that does not run.

#include "server/gateway/Peer.h"

#include <list>
#include <unordered_map>

namespace kith::server
{

class PeerHub final : public PeerEvents, private PeerOwner
{
public:
    static constexpr Millis lease{30'000};
    static constexpr std::size_t checksPerTick = 64; ///< Peers re-checked a tick after the bus lost something.

    PeerHub(PeerServices services, Bus& bus, Registry& registry);
    ~PeerHub() override;
    PeerHub(const PeerHub&) = delete;
    PeerHub& operator=(const PeerHub&) = delete;

    /// Subscribes to the bus; first thing on the strand.
    void start();
    /// About once a second.
    void tick();
    /// Everybody is told when to come back, spread over `spread` from `earliest` on, and leaves.
    void drain(Millis earliest, Millis spread);
    /// Leaves bus and registry; last thing on the strand.
    void stop();

    void opened(ConnectionId id, std::shared_ptr<PeerSink> sink, Bytes address) override;
    void frame(ConnectionId id, Bytes bytes) override;
    void writable(ConnectionId id) override;
    void gone(ConnectionId id) override;

    [[nodiscard]] std::size_t size() const { return peers_.size(); }
    [[nodiscard]] GatewayId gateway() const { return gateway_; }

private:
    struct Held {
        std::shared_ptr<Peer> peer;
        std::list<ConnectionId>::iterator heard; ///< Place in byHeard_.
    };

    void subscribe(Peer& peer) override;
    void unsubscribe(Peer& peer) override;
    void received(const BusMessage& message);
    void checkDeadlines();
    void closeSlowest();

    PeerServices services_;
    Bus& bus_;
    Registry& registry_;
    const GatewayId gateway_;
    std::unordered_map<ConnectionId, Held> peers_;
    std::unordered_map<UserId, std::vector<Peer*>> users_;
    std::list<ConnectionId> byHeard_;                    ///< Longest silent first.
    std::deque<ConnectionId> greeting_;                  ///< Not signed in when last looked at, oldest first.
    std::unordered_map<NodeId, std::uint64_t> expected_; ///< Next number of each node on the bus.
    std::deque<ConnectionId> toCheck_;
    MonoTime renewed_;
    bool draining_ = false;
    Millis drainEarliest_{0};
};

} // namespace kith::server
