#include "tests/sim/VirtualNetwork.h"

namespace kith::sim
{
namespace
{

constexpr Millis slow{200};
/// Frames on the way outlive both ends.
const Life& always()
{
    static const Life life = std::make_shared<bool>(true);
    return life;
}

} // namespace

void VirtualNetwork::serve(std::vector<server::PeerEvents*> gateways, Life life)
{
    const auto open = std::exchange(channels_, {});
    gateways_ = std::move(gateways);
    serverLife_ = std::move(life);
    for (const auto& [id, channel] : open) {
        channel->serverOpen_ = false;
        channel->clientLeaves(latency(), !channel->down_.deaf);
    }
}

void VirtualNetwork::setLatency(Millis least, Millis most)
{
    least_ = least;
    most_ = most;
}

Millis VirtualNetwork::latency()
{
    const auto span = static_cast<std::uint64_t>((most_ - least_).count()) + 1;
    return least_ + Millis{static_cast<Millis::rep>(world_.below(span))};
}

void VirtualNetwork::setReachable(VirtualTransport& client, bool reachable)
{
    if (client.reachable_ && !reachable) {
        world_.happened(Fault::Unreachable);
        cut(client, Cut::Break);
    }
    client.reachable_ = reachable;
}

void VirtualNetwork::cut(VirtualTransport& client, Cut how)
{
    const std::shared_ptr<VirtualChannel> channel = client.channel_;
    if (channel == nullptr)
        return;
    if (how == Cut::Break)
        return channel->breakDown();
    if (how == Cut::Linger)
        return channel->linger();
    if (how != Cut::DeafDown && !std::exchange(channel->up_.deaf, true))
        world_.happened(Fault::DeafUp);
    if (how != Cut::DeafUp && !std::exchange(channel->down_.deaf, true))
        world_.happened(Fault::DeafDown);
}

void VirtualNetwork::breakTouched()
{
    const auto open = channels_;
    for (const auto& [id, channel] : open) {
        if (channel->touched_)
            channel->breakDown();
    }
}

void VirtualNetwork::open(VirtualTransport& client)
{
    const auto refuse = [&client](net::TransportFailure kind) {
        if (client.events_.failed)
            client.events_.failed({kind, "no server answers", {}, {}, 0});
    };
    if (!client.reachable_)
        return refuse(net::TransportFailure::Timeout);
    if (gateways_.empty() || !*serverLife_)
        return refuse(net::TransportFailure::Refused);
    const std::uint64_t id = ++lastId_;
    server::PeerEvents& peers = *gateways_[world_.below(gateways_.size())];
    const auto channel = std::make_shared<VirtualChannel>(*this, client, peers, id);
    channels_[id] = channel;
    client.channel_ = channel;
    *client.newest_ = id;
    world_.after(Millis{0}, serverLife_, [channel] {
        if (channel->serverOpen_)
            channel->peers_.opened(channel->id(), channel, Bytes("10.0.0.1"));
    });
    if (client.events_.opened)
        client.events_.opened();
}

VirtualChannel::VirtualChannel(VirtualNetwork& network, VirtualTransport& client, server::PeerEvents& peers,
                               std::uint64_t id)
    : network_(network), client_(&client), peers_(peers), id_(id), newest_(client.newest_)
{
}

Millis VirtualChannel::arrival(Direction& direction)
{
    World& world = network_.world_;
    const Millis travel = network_.latency();
    if (travel > slow)
        world.happened(Fault::FrameSlow);
    if (network_.hostile()) { // those that follow arrive first
        touched_ = true;
        world.happened(Fault::FrameOvertaken);
        return travel + Millis{static_cast<Millis::rep>(world.below(500))};
    }
    direction.last = std::max({direction.last, direction.heldUntil, world.now() + travel});
    return direction.last - world.now();
}

int VirtualChannel::copies()
{
    if (network_.hostile()) {
        touched_ = true;
        network_.world_.happened(Fault::FrameLost);
        return 0;
    }
    if (network_.hostile()) {
        touched_ = true;
        network_.world_.happened(Fault::FrameDoubled);
        return 2;
    }
    return 1;
}

void VirtualChannel::sendFrame(Bytes frame)
{
    if (!serverOpen_)
        return;
    for (int i = copies(); i > 0; --i) {
        unsent_ += frame.size();
        const auto outgoing = std::make_shared<Outgoing>(Outgoing{frame});
        outgoing_.push_back(outgoing);
        network_.world_.after(arrival(down_), always(), [self = shared_from_this(), outgoing] {
            if (!outgoing->dropped)
                self->deliver(outgoing);
        });
    }
}

void VirtualChannel::deliver(const std::shared_ptr<Outgoing>& outgoing)
{
    World& world = network_.world_;
    leave(outgoing);
    if (world.now() > down_.brokenAt) {
        world.happened(Fault::FrameLostDown);
    } else if (!down_.deaf && client_ != nullptr && *client_->life_ && client_->events_.binary) {
        world.record(outgoing->frame);
        client_->events_.binary(outgoing->frame);
    }
    notifyBelow(tellBelow_);
}

void VirtualChannel::leave(const std::shared_ptr<Outgoing>& outgoing)
{
    outgoing_.remove(outgoing);
    unsent_ -= outgoing->frame.size();
}

void VirtualChannel::notifyBelow(std::size_t threshold)
{
    tellBelow_ = threshold;
    if (threshold == 0 || unsent_ >= threshold || !serverOpen_)
        return;
    tellBelow_ = 0;
    network_.world_.after(Millis{0}, network_.serverLife_, [self = shared_from_this()] {
        if (self->serverOpen_)
            self->peers_.writable(self->id());
    });
}

void VirtualChannel::dropUnsent()
{
    for (const auto& outgoing : std::exchange(outgoing_, {})) {
        outgoing->dropped = true;
        unsent_ -= outgoing->frame.size();
    }
}

void VirtualChannel::close()
{
    // The end travels behind the last frame.
    const Millis after = arrival(down_);
    network_.world_.after(after, always(), [self = shared_from_this()] {
        if (!self->down_.deaf)
            self->clientLeaves(Millis{0}, true);
    });
    serverHears(after);
}

void VirtualChannel::toServer(Bytes frame)
{
    for (int i = copies(); i > 0; --i) {
        network_.world_.after(arrival(up_), network_.serverLife_,
                              [self = shared_from_this(), frame] { self->arrive(frame); });
    }
}

void VirtualChannel::arrive(const Bytes& frame)
{
    World& world = network_.world_;
    if (world.now() > up_.brokenAt)
        return world.happened(Fault::FrameLostUp);
    if (world.now() < up_.heldUntil) {
        return world.after(up_.heldUntil - world.now(), network_.serverLife_,
                           [self = shared_from_this(), frame] { self->arrive(frame); });
    }
    if (up_.deaf || !serverOpen_)
        return;
    if (*newest_ > id_)
        world.happened(Fault::FrameLate);
    world.record(frame);
    peers_.frame(id(), frame);
}

void VirtualChannel::breakDown()
{
    World& world = network_.world_;
    world.happened(Fault::ConnectionBroken);
    const Millis up = network_.latency();
    const Millis down = network_.latency();
    up_.brokenAt = world.now() + up;
    down_.brokenAt = world.now() + down;
    clientLeaves(down, !down_.deaf);
    if (!up_.deaf)
        serverHears(up);
}

void VirtualChannel::linger()
{
    World& world = network_.world_;
    world.happened(Fault::ConnectionBroken);
    const Millis held{static_cast<Millis::rep>(500 + world.below(8000))};
    up_.heldUntil = world.now() + held;
    clientLeaves(Millis{0}, !down_.deaf);
    if (!up_.deaf)
        serverHears(held + Millis{static_cast<Millis::rep>(world.below(20'000))});
}

/// The client's side ends, and it is `told` so unless it left by itself by then.
void VirtualChannel::clientLeaves(Millis toldAfter, bool told)
{
    if (!told)
        return; // goes on talking to nobody, until its heartbeat finds out
    network_.world_.after(toldAfter, always(), [self = shared_from_this()] {
        VirtualTransport* client = std::exchange(self->client_, nullptr);
        if (client == nullptr)
            return;
        client->channel_.reset();
        if (*client->life_ && client->events_.failed)
            client->events_.failed({net::TransportFailure::Lost, "the connection broke", {}, {}, 0});
    });
}

void VirtualChannel::serverHears(Millis after)
{
    network_.world_.after(after, network_.serverLife_, [self = shared_from_this()] {
        if (!std::exchange(self->serverOpen_, false))
            return;
        self->network_.channels_.erase(self->id_);
        self->peers_.gone(self->id());
    });
}

VirtualTransport::~VirtualTransport()
{
    drop();
}

void VirtualTransport::drop()
{
    ++attempt_;
    const auto channel = std::exchange(channel_, nullptr);
    if (channel == nullptr)
        return;
    channel->client_ = nullptr;
    if (!channel->up_.deaf && channel->serverOpen_)
        channel->serverHears(channel->arrival(channel->up_));
}

void VirtualTransport::open(const net::ServerAddress&, const net::Pins&)
{
    drop();
    network_.world_.after(network_.latency() * 2, life_, [this, attempt = attempt_] {
        if (attempt_ == attempt)
            network_.open(*this);
    });
}

void VirtualTransport::sendBinary(ByteView message)
{
    if (channel_ != nullptr)
        channel_->toServer(Bytes(message));
}

void VirtualTransport::close(net::CloseCode, const std::string&)
{
    drop();
}

} // namespace kith::sim
