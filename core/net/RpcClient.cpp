#include "core/net/RpcClient.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace kith::net
{
namespace
{

Error unavailable(const std::string& words)
{
    return Error::make(wire::WireCode::Unavailable, words);
}

} // namespace

RpcClient::RpcClient(const Clock& clock, Executor& executor, RpcOutlets outlets, RpcLimits limits)
    : clock_(clock), executor_(executor), outlets_(std::move(outlets)), limits_(limits)
{
}

void RpcClient::callRaw(wire::Method method, Bytes body, Done<Bytes> done, CallOptions options)
{
    if (gate_ == Gate::Closed || (gate_ == Gate::UrgentOnly && !options.urgent))
        return failLater(std::move(done), "there is no connection to the server");
    Pending pending{method, std::move(body), std::move(done), std::nullopt};
    if (options.timeout)
        pending.deadline = clock_.mono() + *options.timeout;
    if (options.urgent)
        return transmit(std::move(pending));
    if (queue_.size() >= limits_.maxQueued)
        return failLater(std::move(pending.done), "too many calls wait for the server");
    queue_.push_back(std::move(pending));
    pump();
}

void RpcClient::failLater(Done<Bytes> done, const std::string& words)
{
    executor_.post([done = std::move(done), words] { done(unavailable(words)); });
}

void RpcClient::transmit(Pending pending)
{
    const std::uint64_t id = ++lastId_;
    const Bytes frame = wire::encodeFrame(wire::REQUEST, pending.method, id, std::exchange(pending.body, {}));
    inFlight_.emplace(id, std::move(pending));
    outlets_.send(frame);
}

void RpcClient::pump()
{
    while (gate_ == Gate::Open && !queue_.empty() && inFlight_.size() < limits_.maxInFlight &&
           outlets_.unsent() < limits_.maxUnsent) {
        Pending next = std::move(queue_.front());
        queue_.pop_front();
        transmit(std::move(next));
    }
}

void RpcClient::open()
{
    gate_ = Gate::UrgentOnly;
}

void RpcClient::allowCalls()
{
    gate_ = Gate::Open;
    pump();
}

void RpcClient::drop(const std::string& words)
{
    gate_ = Gate::Closed;
    // Taken out first: completions may call again, and find the gate closed.
    std::vector<Done<Bytes>> pending;
    for (auto& [id, call] : std::exchange(inFlight_, {}))
        pending.push_back(std::move(call.done));
    for (auto& call : std::exchange(queue_, {}))
        pending.push_back(std::move(call.done));
    for (const auto& done : pending)
        done(unavailable(words));
}

void RpcClient::tick()
{
    const MonoTime now = clock_.mono();
    const auto late = [now](const Pending& call) { return call.deadline && *call.deadline <= now; };
    std::vector<Done<Bytes>> overdue;
    for (auto it = inFlight_.begin(); it != inFlight_.end();) {
        if (!late(it->second)) {
            ++it;
            continue;
        }
        overdue.push_back(std::move(it->second.done));
        it = inFlight_.erase(it);
    }
    for (auto it = queue_.begin(); it != queue_.end();) {
        if (!late(*it)) {
            ++it;
            continue;
        }
        overdue.push_back(std::move(it->done));
        it = queue_.erase(it);
    }
    counters_.timeouts += overdue.size();
    for (const auto& done : overdue)
        done(unavailable("the server did not answer in time"));
    pump();
}

std::optional<MonoTime> RpcClient::nextDeadline() const
{
    std::optional<MonoTime> next;
    const auto consider = [&next](const Pending& call) {
        if (call.deadline && (!next || *call.deadline < *next))
            next = call.deadline;
    };
    for (const auto& [id, call] : inFlight_)
        consider(call);
    for (const auto& call : queue_)
        consider(call);
    return next;
}

void RpcClient::receive(ByteView bytes)
{
    if (gate_ == Gate::Closed)
        return;
    const Result<wire::Frame> frame = wire::decodeFrame(bytes);
    if (!frame.ok())
        return outlets_.broken(frame.error().detail);
    switch (frame.value().kind()) {
    case wire::RESPONSE:
    case wire::ERROR:
        return answer(frame.value());
    case wire::EVENT:
        return dispatch(frame.value());
    default:
        return outlets_.broken("the server sent a request");
    }
}

void RpcClient::answer(const wire::Frame& frame)
{
    const auto found = inFlight_.find(frame.id());
    if (found == inFlight_.end()) {
        ++counters_.unknownAnswers;
        return;
    }
    if (found->second.method != frame.method())
        return outlets_.broken("an answer names another call than its request did");
    const Done<Bytes> done = std::move(found->second.done);
    inFlight_.erase(found);
    if (frame.kind() == wire::RESPONSE) {
        done(Bytes(frame.body()));
    } else {
        Result<wire::CallError> error = wire::parseBody<wire::CallError>(frame.method(), frame.body());
        const bool readable = error.ok();
        done(readable ? wire::fromWire(error.value()) : unavailable("the server's refusal cannot be read"));
        if (!readable)
            return outlets_.broken("an error cannot be read");
    }
    pump();
}

template <class Message>
void RpcClient::deliver(const wire::Frame& frame, const std::function<void(const Message&)>& receiver)
{
    const Result<Message> message = wire::parseBody<Message>(frame.method(), frame.body());
    if (!message.ok())
        return outlets_.broken("an event cannot be read");
    if (receiver)
        receiver(message.value());
}

void RpcClient::dispatch(const wire::Frame& frame)
{
    switch (frame.method()) {
    case wire::ENTRIES:
        return deliver(frame, events_.entries);
    case wire::MARKS:
        return deliver(frame, events_.marks);
    case wire::EPHEMERAL:
        return deliver(frame, events_.ephemeral);
    case wire::KEYS_LOW:
        return deliver(frame, events_.keysLow);
    case wire::GOODBYE:
        return deliver(frame, events_.goodbye);
    case wire::RESEND_WANTED:
        return deliver(frame, events_.resendWanted);
    default:
        ++counters_.unknownEvents; // Of a newer minor version.
    }
}

} // namespace kith::net
