#pragma once
/// Connections without sockets: a PeerHub over the rules of a ChatWorld, and devices that speak frames to it.
/// Everything runs on the world's executor and clock. Owned by the test. Thread: the test's.

#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/sync.pb.h"
#include "server/gateway/PeerHub.h"
#include "tests/support/server/ChatWorld.h"

namespace kith::test
{

/// The world's bus, losing what it brings while `losing`.
class LosingBus final : public server::Bus
{
public:
    explicit LosingBus(server::Bus& inner) : inner_(inner) {}
    void subscribe(server::GatewayId gateway, Executor& executor, Receiver receiver) override
    {
        inner_.subscribe(gateway, executor, [this, receiver = std::move(receiver)](const server::BusMessage& message) {
            if (!losing)
                receiver(message);
        });
    }
    void unsubscribe(server::GatewayId gateway) override { inner_.unsubscribe(gateway); }
    void publish(server::GatewayId to, std::shared_ptr<const server::BusEvent> event) override
    {
        inner_.publish(to, std::move(event));
    }

    bool losing = false;

private:
    server::Bus& inner_;
};

/// What a socket would do: takes frames at once, or holds them while `stalled`.
class TestSink final : public server::PeerSink
{
public:
    explicit TestSink(server::DeliveryBudget& budget) : budget_(budget) {}
    ~TestSink() override { TestSink::dropUnsent(); }
    TestSink(const TestSink&) = delete;
    TestSink& operator=(const TestSink&) = delete;
    void sendFrame(Bytes frame) override;
    [[nodiscard]] std::size_t unsent() const override { return held_; }
    void notifyBelow(std::size_t threshold) override { tellBelow = threshold; }
    void setReading(bool on) override { reading = on; }
    void signedIn() override { large = true; }
    void dropUnsent() override;
    void close() override { closed = true; }
    /// What was held arrives.
    void release();

    std::vector<wire::Frame> frames;
    bool stalled = false;
    bool reading = true;
    bool large = false;
    bool closed = false;
    std::size_t tellBelow = 0;

private:
    server::DeliveryBudget& budget_;
    std::vector<Bytes> waiting_;
    std::size_t held_ = 0;
};

class PeerWorld : public ChatWorld
{
public:
    explicit PeerWorld(std::size_t budget = 256U << 20, const server::Limits& limits = {});
    ~PeerWorld();

    /// One connection.
    struct Connection {
        server::ConnectionId id;
        std::shared_ptr<TestSink> sink;
        std::uint64_t lastRequest = 0;
        std::size_t seen = 0; ///< Frames that event() has passed.
    };

    [[nodiscard]] Connection open(Bytes address = "192.0.2.1");
    /// Hello and Authenticate; fails the test's assumptions loudly where refused.
    [[nodiscard]] Connection signIn(const TestPerson& person, std::size_t device = 0);
    [[nodiscard]] Connection resume(const Bytes& token);
    void drop(Connection& connection);
    /// Hands in a frame; runs what follows.
    void feed(Connection& connection, const Bytes& frame);

    /// Sends a request and returns its answer as the client reads it.
    template <class Response, class Request>
    [[nodiscard]] Result<Response> call(Connection& connection, wire::Method method, const Request& request);
    /// All events of one method since the connection opened, in order.
    template <class Message>
    [[nodiscard]] std::vector<Message> events(const Connection& connection, wire::Method method);
    /// Seqs of `log` that were delivered live, in order.
    [[nodiscard]] std::vector<std::uint64_t> delivered(const Connection& connection, LogId log);
    [[nodiscard]] std::optional<wire::Goodbye> goodbye(const Connection& connection);
    [[nodiscard]] Result<wire::AckResponse> ackLive(Connection& connection, LogId log, std::uint64_t cursor);
    /// A second of virtual time, `seconds` times, with the hub's tick after each.
    void pass(int seconds);

    LosingBus lossyBus;
    server::DeviceDirectory devices;
    server::DeliveryBudget budget;
    std::unique_ptr<server::PeerHub> hub;
    Bytes resumeToken; ///< Of the latest signIn() or resume().

private:
    [[nodiscard]] Bytes challenge(Connection& connection);
    std::uint64_t lastConnection_ = 0;
};

template <class Response, class Request>
Result<Response> PeerWorld::call(Connection& connection, wire::Method method, const Request& request)
{
    const std::uint64_t id = ++connection.lastRequest;
    feed(connection, wire::encodeFrame(wire::REQUEST, method, id, request.SerializeAsString()));
    for (const wire::Frame& frame : connection.sink->frames) {
        if (frame.id() != id)
            continue;
        if (frame.kind() == wire::RESPONSE)
            return wire::parseBody<Response>(method, frame.body());
        wire::CallError error;
        error.ParseFromString(frame.body());
        return wire::fromWire(error);
    }
    return Error::make(wire::WireCode::Unavailable, "no answer");
}

template <class Message> std::vector<Message> PeerWorld::events(const Connection& connection, wire::Method method)
{
    std::vector<Message> found;
    for (const wire::Frame& frame : connection.sink->frames) {
        Message message;
        if (frame.kind() == wire::EVENT && frame.method() == method && message.ParseFromString(frame.body()))
            found.push_back(std::move(message));
    }
    return found;
}

} // namespace kith::test
