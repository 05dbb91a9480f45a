#include "tests/sim/VirtualNetwork.h"

#include <algorithm>

namespace kith::sim
{

void VirtualNetwork::serve(server::PeerEvents* peers, Life life)
{
    const auto open = std::exchange(channels_, {});
    peers_ = peers;
    serverLife_ = std::move(life);
    for (const auto& [id, channel] : open)
        channel->end(false, true);
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
    client.reachable_ = reachable;
    if (!reachable)
        cut(client, false);
}

void VirtualNetwork::cut(VirtualTransport& client, bool silent)
{
    if (client.channel_ == nullptr)
        return;
    if (silent)
        client.channel_->silent_ = true;
    else
        client.channel_->end(true, true);
}

void VirtualNetwork::open(VirtualTransport& client)
{
    const auto refuse = [&client](net::TransportFailure kind) {
        if (client.events_.failed)
            client.events_.failed({kind, "no server answers", {}, {}, 0});
    };
    if (!client.reachable_)
        return refuse(net::TransportFailure::Timeout);
    if (peers_ == nullptr || !*serverLife_)
        return refuse(net::TransportFailure::Refused);
    const std::uint64_t id = ++lastId_;
    const auto channel = std::make_shared<VirtualChannel>(*this, &client, id);
    channels_[id] = channel;
    client.channel_ = channel;
    client.opened_ = true;
    world_.after(Millis{0}, serverLife_,
                 [this, channel] { peers_->opened(channel->id(), channel, Bytes("10.0.0.1")); });
    if (client.events_.opened)
        client.events_.opened();
}

VirtualChannel::VirtualChannel(VirtualNetwork& network, VirtualTransport* client, std::uint64_t id)
    : network_(network), client_(client), id_(id)
{
}

Millis VirtualChannel::arrival(Millis& last)
{
    last = std::max(last, network_.world_.now() + network_.latency());
    return last - network_.world_.now();
}

void VirtualChannel::sendFrame(Bytes frame)
{
    if (!standing_)
        return;
    unsent_ += frame.size();
    const auto outgoing = std::make_shared<Outgoing>(Outgoing{std::move(frame)});
    outgoing_.push_back(outgoing);
    static const Life always = std::make_shared<bool>(true);
    network_.world_.after(arrival(lastToClient_), always, [self = shared_from_this(), outgoing] {
        if (outgoing->dropped)
            return;
        self->outgoing_.pop_front();
        self->unsent_ -= outgoing->frame.size();
        if (self->standing_ && !self->silent_ && self->client_ != nullptr && *self->client_->life_ &&
            self->client_->events_.binary)
            self->client_->events_.binary(outgoing->frame);
        self->notifyBelow(self->tellBelow_);
    });
}

void VirtualChannel::notifyBelow(std::size_t threshold)
{
    tellBelow_ = threshold;
    if (threshold == 0 || unsent_ >= threshold || !standing_ || network_.peers_ == nullptr)
        return;
    tellBelow_ = 0;
    network_.world_.after(Millis{0}, network_.serverLife_, [self = shared_from_this()] {
        if (self->standing_)
            self->network_.peers_->writable(self->id());
    });
}

void VirtualChannel::dropUnsent()
{
    for (const auto& outgoing : outgoing_) {
        outgoing->dropped = true;
        unsent_ -= outgoing->frame.size();
    }
    outgoing_.clear();
}

void VirtualChannel::close()
{
    // After what was sent: the end travels behind the last frame.
    static const Life always = std::make_shared<bool>(true);
    network_.world_.after(arrival(lastToClient_), always, [self = shared_from_this()] { self->end(true, true); });
}

void VirtualChannel::toServer(Bytes frame)
{
    if (!standing_)
        return;
    network_.world_.after(arrival(lastToServer_), network_.serverLife_,
                          [self = shared_from_this(), frame = std::move(frame)] {
                              if (self->standing_ && !self->silent_)
                                  self->network_.peers_->frame(self->id(), frame);
                          });
}

void VirtualChannel::end(bool tellServer, bool tellClient)
{
    if (!std::exchange(standing_, false))
        return;
    network_.channels_.erase(id_);
    if (tellServer && network_.peers_ != nullptr) {
        network_.world_.after(network_.latency(), network_.serverLife_,
                              [self = shared_from_this()] { self->network_.peers_->gone(self->id()); });
    }
    VirtualTransport* client = std::exchange(client_, nullptr);
    if (client == nullptr)
        return;
    client->channel_.reset();
    client->opened_ = false;
    if (!tellClient)
        return;
    network_.world_.after(network_.latency(), client->life_, [client, attempt = client->attempt_] {
        if (client->attempt_ == attempt && client->events_.failed)
            client->events_.failed({net::TransportFailure::Lost, "the connection broke", {}, {}, 0});
    });
}

VirtualTransport::~VirtualTransport()
{
    drop(true);
}

void VirtualTransport::drop(bool tellServer)
{
    ++attempt_;
    opened_ = false;
    if (const auto channel = std::exchange(channel_, nullptr)) {
        channel->client_ = nullptr;
        channel->end(tellServer && !channel->silent_, false);
    }
}

void VirtualTransport::open(const net::ServerAddress&, const net::Pins&)
{
    drop(true);
    network_.world_.after(network_.latency() * 2, life_, [this, attempt = attempt_] {
        if (attempt_ == attempt)
            network_.open(*this);
    });
}

void VirtualTransport::sendBinary(ByteView message)
{
    if (channel_ != nullptr && opened_)
        channel_->toServer(Bytes(message));
}

void VirtualTransport::close(net::CloseCode, const std::string&)
{
    drop(true);
}

} // namespace kith::sim
