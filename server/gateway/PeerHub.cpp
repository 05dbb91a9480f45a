#include "server/gateway/PeerHub.h"

#include "core/base/Log.h"
#include "core/protocol/wire/Limits.h"

#include <algorithm>

namespace kith::server
{

PeerHub::PeerHub(PeerServices services, Bus& bus, Registry& registry)
    : services_(std::move(services)), bus_(bus), registry_(registry), gateway_(services_.random.id<GatewayId>())
{
}

PeerHub::~PeerHub() = default;

void PeerHub::start()
{
    registry_.renew(gateway_, lease);
    renewed_ = services_.clock.mono();
    bus_.subscribe(gateway_, services_.strand, [this](const BusMessage& message) { received(message); });
}

void PeerHub::stop()
{
    bus_.unsubscribe(gateway_);
    registry_.drop(gateway_);
}

void PeerHub::opened(ConnectionId id, std::shared_ptr<PeerSink> sink, Bytes address)
{
    PeerOwner& owner = *this;
    auto peer = std::make_shared<Peer>(services_, owner, id, std::move(sink), std::move(address));
    if (draining_) {
        peer->sayGoodbye(wire::Goodbye::RESTARTING, drainEarliest_, "the server restarts");
        return; // its gone() finds nothing, which is fine
    }
    byHeard_.push_back(id);
    greeting_.push_back(id);
    peers_.emplace(id, Held{std::move(peer), std::prev(byHeard_.end())});
}

void PeerHub::frame(ConnectionId id, Bytes bytes)
{
    const auto found = peers_.find(id);
    if (found == peers_.end())
        return;
    byHeard_.splice(byHeard_.end(), byHeard_, found->second.heard);
    const std::shared_ptr<Peer> peer = found->second.peer; // it may leave while it is served
    peer->frame(bytes);
    if (services_.budget.over())
        closeSlowest();
}

void PeerHub::writable(ConnectionId id)
{
    const auto found = peers_.find(id);
    if (found == peers_.end())
        return;
    const std::shared_ptr<Peer> peer = found->second.peer;
    peer->writable();
}

void PeerHub::gone(ConnectionId id)
{
    const auto found = peers_.find(id);
    if (found == peers_.end())
        return;
    const std::shared_ptr<Peer> peer = std::move(found->second.peer);
    byHeard_.erase(found->second.heard);
    peers_.erase(found);
    peer->gone();
}

void PeerHub::subscribe(Peer& peer)
{
    const UserId user = peer.caller().user;
    auto& peers = users_[user];
    if (peers.empty())
        registry_.add(user, gateway_);
    peers.push_back(&peer);
}

void PeerHub::unsubscribe(Peer& peer)
{
    const UserId user = peer.caller().user;
    const auto found = users_.find(user);
    if (found == users_.end())
        return;
    std::erase(found->second, &peer);
    if (!found->second.empty())
        return;
    users_.erase(found);
    registry_.remove(user, gateway_);
}

void PeerHub::received(const BusMessage& message)
{
    std::uint64_t& expected = expected_.try_emplace(message.node, 1).first->second;
    if (message.number > expected) {
        log(LogLevel::Warning, "bus_gap", {{"lost", static_cast<std::int64_t>(message.number - expected)}});
        toCheck_.clear();
        for (const auto& [id, held] : peers_)
            toCheck_.push_back(id);
    }
    expected = std::max(expected, message.number + 1);
    for (const UserId& user : message.event->users) {
        const auto found = users_.find(user);
        if (found == users_.end())
            continue;
        const std::vector<Peer*> peers = found->second; // an event may end a peer
        for (Peer* peer : peers)
            peer->event(*message.event);
    }
    if (services_.budget.over())
        closeSlowest();
}

void PeerHub::checkDeadlines()
{
    const MonoTime now = services_.clock.mono();
    while (!greeting_.empty()) {
        const auto found = peers_.find(greeting_.front());
        if (found != peers_.end() && found->second.peer->state() == PeerState::Greeting) {
            if (now - found->second.peer->opened() < Peer::signInWithin)
                break;
            const std::shared_ptr<Peer> peer = found->second.peer;
            peer->checkDeadlines();
        }
        greeting_.pop_front();
    }
    for (auto it = byHeard_.begin(); it != byHeard_.end();) {
        const std::shared_ptr<Peer> peer = peers_.at(*it++).peer;
        if (now - peer->lastHeard() < Millis{wire::deafAfterMs})
            break;
        peer->checkDeadlines();
    }
}

/// Those whose network takes least have most waiting.
void PeerHub::closeSlowest()
{
    Peer* slowest = nullptr;
    for (const auto& [id, held] : peers_) {
        if (held.peer->state() != PeerState::Closed && held.peer->unsent() > LiveDelivery::tightWindow &&
            (slowest == nullptr || held.peer->unsent() > slowest->unsent()))
            slowest = held.peer.get();
    }
    if (slowest == nullptr)
        return;
    log(LogLevel::Warning, "too_slow",
        {{"unsent", static_cast<std::int64_t>(slowest->unsent())}, {"all", services_.budget.used()}});
    slowest->sayGoodbye(wire::Goodbye::TOO_SLOW, Millis{5000}, "this connection read too slowly");
}

void PeerHub::tick()
{
    const MonoTime now = services_.clock.mono();
    if (now - renewed_ >= lease / 3) {
        registry_.renew(gateway_, lease);
        renewed_ = now;
    }
    checkDeadlines();
    for (std::size_t i = 0; i < checksPerTick && !toCheck_.empty(); ++i) {
        const auto found = peers_.find(toCheck_.front());
        toCheck_.pop_front();
        if (found != peers_.end())
            found->second.peer->check();
    }
    if (services_.budget.over())
        closeSlowest();
}

void PeerHub::drain(Millis earliest, Millis spread)
{
    draining_ = true;
    drainEarliest_ = earliest;
    std::vector<std::shared_ptr<Peer>> all;
    for (const auto& [id, held] : peers_)
        all.push_back(held.peer);
    for (const auto& peer : all) {
        const Millis after = earliest + Millis{services_.random.below(static_cast<std::uint64_t>(spread.count()) + 1)};
        peer->sayGoodbye(wire::Goodbye::RESTARTING, after, "the server restarts");
    }
}

} // namespace kith::server
