#include "tests/support/server/PeerWorld.h"

#include "core/crypto/Sign.h"
#include "core/protocol/wire/Limits.h"

namespace kith::test
{

using namespace server;

void TestSink::sendFrame(Bytes frame)
{
    if (closed)
        return;
    if (stalled) {
        held_ += frame.size();
        budget_.add(static_cast<std::int64_t>(frame.size()));
        waiting_.push_back(std::move(frame));
        return;
    }
    frames.push_back(*wire::decodeFrame(frame));
}

void TestSink::dropUnsent()
{
    budget_.add(-static_cast<std::int64_t>(held_));
    held_ = 0;
    waiting_.clear();
}

void TestSink::release()
{
    stalled = false;
    for (const Bytes& frame : waiting_)
        frames.push_back(*wire::decodeFrame(frame));
    dropUnsent();
}

PeerWorld::PeerWorld(std::size_t budgetOctets, const Limits& limits) : lossyBus(ChatWorld::bus()), budget(budgetOctets)
{
    config.limits = limits;
    restart(); // which takes them
    PeerServices services{chat(), clock, random, executor, devices, budget, {config.serverId, true, config.limits}};
    hub = std::make_unique<PeerHub>(std::move(services), lossyBus, registry());
    hub->start();
}

PeerWorld::~PeerWorld()
{
    run();
    hub->stop();
    hub.reset();
}

PeerWorld::Connection PeerWorld::open(Bytes address)
{
    Connection connection{ConnectionId{++lastConnection_}, std::make_shared<TestSink>(budget)};
    hub->opened(connection.id, connection.sink, std::move(address));
    return connection;
}

void PeerWorld::drop(Connection& connection)
{
    connection.sink->closed = true;
    hub->gone(connection.id);
    run();
    connection.sink->dropUnsent(); // as a socket does at its end
}

void PeerWorld::feed(Connection& connection, const Bytes& frame)
{
    hub->frame(connection.id, frame);
    run();
}

Bytes PeerWorld::challenge(Connection& connection)
{
    wire::HelloRequest hello;
    hello.set_minor_version(wire::minorVersion);
    const auto answer = call<wire::HelloResponse>(connection, wire::HELLO, hello);
    if (!answer.ok())
        qFatal("%s", answer.error().describe().c_str());
    return answer->challenge();
}

PeerWorld::Connection PeerWorld::signIn(const TestPerson& person, std::size_t device)
{
    Connection connection = open();
    const TestDevice& own = person.devices.at(device);
    const Bytes statement = config.serverId + challenge(connection) + person.user.bytes() + own.id.bytes();
    wire::AuthenticateRequest request;
    request.set_user_id(person.user.bytes());
    request.set_device_id(own.id.bytes());
    request.set_incarnation(own.incarnation);
    request.set_signature(sign(own.signing.secretKey, authenticateLabel, statement).bytes());
    const auto answer = call<wire::AuthenticateResponse>(connection, wire::AUTHENTICATE, request);
    if (!answer.ok())
        qFatal("%s", answer.error().describe().c_str());
    resumeToken = answer->resume_token();
    return connection;
}

PeerWorld::Connection PeerWorld::resume(const Bytes& token)
{
    Connection connection = open();
    (void)challenge(connection);
    wire::ResumeRequest request;
    request.set_resume_token(token);
    const auto answer = call<wire::AuthenticateResponse>(connection, wire::RESUME, request);
    if (!answer.ok())
        qFatal("%s", answer.error().describe().c_str());
    resumeToken = answer->resume_token();
    return connection;
}

std::vector<std::uint64_t> PeerWorld::delivered(const Connection& connection, LogId log)
{
    std::vector<std::uint64_t> seqs;
    for (const auto& event : events<wire::Entries>(connection, wire::ENTRIES)) {
        for (const auto& entry : event.entries()) {
            if (event.log_id() == log.bytes())
                seqs.push_back(entry.seq());
        }
    }
    return seqs;
}

std::optional<wire::Goodbye> PeerWorld::goodbye(const Connection& connection)
{
    const auto all = events<wire::Goodbye>(connection, wire::GOODBYE);
    return all.empty() ? std::nullopt : std::optional(all.back());
}

Result<wire::AckResponse> PeerWorld::ackLive(Connection& connection, LogId log, std::uint64_t cursor)
{
    KITH_TRY(const auto head, storage().head(log));
    wire::AckRequest request;
    request.set_log_id(log.bytes());
    request.set_generation(head.generation.value());
    request.set_cursor(cursor);
    request.set_delivered(cursor);
    feed(connection,
         wire::encodeFrame(wire::REQUEST, wire::ACK, connection.lastRequest + 1, request.SerializeAsString()));
    storage().flush([](const Result<void>&) {}); // acks are answered by the next commit, whoever causes it
    run();
    const std::uint64_t id = ++connection.lastRequest;
    for (const wire::Frame& frame : connection.sink->frames) {
        if (frame.id() == id && frame.kind() == wire::RESPONSE)
            return wire::AckResponse();
        wire::CallError error;
        if (frame.id() == id && error.ParseFromString(frame.body()))
            return wire::fromWire(error);
    }
    return Error::make(wire::WireCode::Unavailable, "no answer");
}

void PeerWorld::pass(int seconds)
{
    for (int i = 0; i < seconds; ++i) {
        clock.advance(Millis{1000});
        hub->tick();
        chat().tick();
        run();
    }
}

} // namespace kith::test
