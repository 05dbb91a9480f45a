#pragma once
/// What a connection's event loop and its strand share: frames wait here on their way between the two. Shared by
/// ClientSocket (loop) and the PeerEvents behind it (strand); lives as long as the longer of them.
///
/// Thread: methods say whose they are.

#include "core/base/Executor.h"
#include "server/gateway/DeliveryBudget.h"
#include "server/gateway/PeerSink.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace kith::server
{

/// What of a connection waits between loop and strand at most; passing it means that the device ignores the protocol.
struct LinkLimits {
    std::size_t frames = 512;
    std::size_t bytes = 4U << 20;
};

class SocketLink final : public PeerSink, public std::enable_shared_from_this<SocketLink>
{
public:
    /// What the loop does when the strand asks; called on the loop.
    class Loop
    {
    public:
        virtual ~Loop() = default;
        virtual void pump() = 0; ///< Frames wait, or close() was called.
        virtual void allowLargeFrames() = 0;
        virtual void setReading(bool on) = 0;
    };

    SocketLink(ConnectionId id, Executor& loop, Executor& strand, PeerEvents& events, DeliveryBudget& budget);
    ~SocketLink() override;

    // The loop's side.
    void open(Loop& loop, Bytes address);
    /// False: more waits than LinkLimits allows; the frame was dropped and the connection must end.
    [[nodiscard]] bool received(Bytes frame);
    [[nodiscard]] std::optional<Bytes> takeOutgoing();
    /// The strand has asked to close and nothing waits any more.
    [[nodiscard]] bool finished() const;
    /// Octets that the socket holds and the kernel has not taken.
    void socketHolds(std::size_t octets);
    void gone();

    // The strand's side.
    void sendFrame(Bytes frame) override;
    [[nodiscard]] std::size_t unsent() const override { return unsent_.load(std::memory_order_relaxed); }
    void notifyBelow(std::size_t threshold) override;
    void setReading(bool on) override;
    void signedIn() override;
    void dropUnsent() override;
    void close() override;

private:
    void deliver();
    void askToPump(std::unique_lock<std::mutex>& lock);
    void changeUnsent(std::int64_t delta);
    void tellIfWritable();

    const ConnectionId id_;
    Executor& loopExecutor_;
    Executor& strand_;
    PeerEvents& events_;
    DeliveryBudget& budget_;
    Loop* loop_ = nullptr; ///< The loop's; null once gone.

    mutable std::mutex mutex_;
    std::vector<Bytes> inbox_;
    std::size_t inboxBytes_ = 0;
    std::deque<Bytes> outbox_;
    bool pumpAsked_ = false;
    bool closing_ = false;
    std::size_t inSocket_ = 0; ///< The loop's.
    std::atomic<std::size_t> unsent_{0};
    std::atomic<std::size_t> tellBelow_{0}; ///< 0: nobody waits.
};

} // namespace kith::server
