#pragma once
/// Calls and their answers over one channel: ids, deadlines, order, bounds. Owned by Connection. Thread: the engine
/// thread alone. Completions run exactly once and never inside call(); they may make further calls.
///
///  - At most maxInFlight calls wait for answers and at most maxUnsent octets wait for the network; what is beyond
///    queues in order. Urgent calls (handshake, heartbeat) pass the queue.
///  - When the channel drops, every pending call fails with wire/unavailable, remedy Retry: whether the server acted is
///    unknown, so repeat only what is idempotent (all of Kith's calls are, DESIGN P2).
///  - Answers to unknown ids are ignored and counted: their call timed out. Anything else that does not fit is a broken
///    protocol and ends the channel.

#include "core/base/Clock.h"
#include "core/base/Executor.h"
#include "core/net/ServerEvents.h"
#include "core/protocol/wire/FrameCodec.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace kith::net
{

struct CallOptions {
    /// From call() to the answer; nullopt: as long as the channel stands.
    std::optional<Millis> timeout = Millis{20'000};
    bool urgent = false;
};

struct RpcLimits {
    std::size_t maxInFlight = 32;
    std::size_t maxQueued = 4096;
    std::size_t maxUnsent = 64U << 10; ///< A heartbeat never waits behind more than this and one frame.
};

/// What a client does to the world; all required.
struct RpcOutlets {
    std::function<void(ByteView frame)> send;
    std::function<std::size_t()> unsent;                  ///< Transport::bytesBuffered.
    std::function<void(const std::string& words)> broken; ///< The server breaks the protocol: drop the channel.
};

struct RpcCounters {
    std::uint64_t unknownAnswers = 0;
    std::uint64_t unknownEvents = 0;
    std::uint64_t timeouts = 0;
};

class RpcClient
{
public:
    template <class T> using Done = std::function<void(Result<T>)>;

    RpcClient(const Clock& clock, Executor& executor, RpcOutlets outlets, RpcLimits limits = {});

    /// Answers travel as serialized messages.
    void callRaw(wire::Method method, Bytes body, Done<Bytes> done, CallOptions options = {});
    template <class Request, class Response>
    void call(wire::Method method, const Request& request, Done<Response> done, CallOptions options = {})
    {
        callRaw(
            method, request.SerializeAsString(),
            [this, method, done = std::move(done)](Result<Bytes> answer) {
                if (!answer.ok())
                    return done(std::move(answer).error());
                Result<Response> parsed = wire::parseBody<Response>(method, answer.value());
                const bool readable = parsed.ok();
                const std::string words = readable ? std::string() : parsed.error().detail;
                done(std::move(parsed));
                if (!readable)
                    outlets_.broken(words);
            },
            options);
    }

    void setEvents(ServerEvents events) { events_ = std::move(events); }

    /// The channel stands: urgent calls may go.
    void open();
    /// Authenticated (or nobody wants to be): all calls may go.
    void allowCalls();
    /// The channel is gone: everything pending fails with `words`.
    void drop(const std::string& words);
    void receive(ByteView frame);
    /// The transport drained: continue with the queue.
    void pump();
    /// Fails what is past its deadline.
    void tick();
    /// When tick() is due; nullopt: nothing pending has a deadline.
    [[nodiscard]] std::optional<MonoTime> nextDeadline() const;
    [[nodiscard]] std::size_t inFlight() const { return inFlight_.size(); }
    [[nodiscard]] std::size_t queued() const { return queue_.size(); }
    [[nodiscard]] const RpcCounters& counters() const { return counters_; }

private:
    struct Pending {
        wire::Method method;
        Bytes body; ///< Empty once sent.
        Done<Bytes> done;
        std::optional<MonoTime> deadline;
    };
    enum class Gate { Closed, UrgentOnly, Open };

    void transmit(Pending pending);
    void failLater(Done<Bytes> done, const std::string& words);
    void answer(const wire::Frame& frame);
    void dispatch(const wire::Frame& frame);
    template <class Message>
    void deliver(const wire::Frame& frame, const std::function<void(const Message&)>& receiver);

    const Clock& clock_;
    Executor& executor_;
    RpcOutlets outlets_;
    RpcLimits limits_;
    ServerEvents events_;
    Gate gate_ = Gate::Closed;
    std::uint64_t lastId_ = 0;                  ///< Rising for the life of the client, over all channels.
    std::map<std::uint64_t, Pending> inFlight_; ///< By request id.
    std::deque<Pending> queue_;
    RpcCounters counters_;
};

} // namespace kith::net
