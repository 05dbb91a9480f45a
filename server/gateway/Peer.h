#pragma once
/// One connection as the rules see it, without a socket: frames and bus events in, frames out through a PeerSink.
/// The same class runs in the server and in simulation.
///
/// Invariants:
///  1. A connection subscribes (registry) before its device is told that it is signed in, so before it reads heads.
///  2. A replaced connection changes nothing more: its acks and its other requests are ignored.
///  3. Requests in flight, requests waiting, frames a second and octets waiting to be sent are bounded (P9).
///
/// Owned by PeerHub; answers in flight keep it alive a little longer. Thread: the connection's strand.

#include "server/gateway/LiveDelivery.h"
#include "server/gateway/OutgoingEvents.h"
#include "server/gateway/PeerServices.h"
#include "server/gateway/PeerSink.h"
#include "server/gateway/PeerState.h"
#include "server/gateway/calls/CallContext.h"

#include <deque>
#include <optional>

namespace kith::server
{

class Peer final : public CallContext, private LiveDelivery::Port, public std::enable_shared_from_this<Peer>
{
public:
    static constexpr std::size_t maxInFlight = 64;
    static constexpr std::size_t maxWaiting = 512; ///< Requests; more ignore the back-pressure below.
    static constexpr std::size_t maxWaitingOctets = 8U << 20;
    static constexpr std::size_t pauseAbove = 64; ///< Requests waiting; then reading stops ...
    static constexpr std::size_t pauseAboveOctets = 256U << 10;
    static constexpr std::size_t resumeBelow = 16;          ///< ... until so few are left.
    static constexpr std::size_t congestedAbove = 1U << 20; ///< Unsent octets; then requests and deliveries wait.
    static constexpr std::uint32_t frameBurst = 2000;
    static constexpr Millis frameRefill{2}; ///< 500 frames a second.
    static constexpr Millis signInWithin{10'000};
    static constexpr Millis checkEvery{20'000}; ///< Below a heartbeat: each one triggers the idle check.

    Peer(PeerServices& services, PeerOwner& owner, ConnectionId id, std::shared_ptr<PeerSink> sink, Bytes address);

    void frame(const Bytes& bytes);
    void writable();
    void gone();
    /// A bus event that names this peer's user.
    void event(const BusEvent& event);
    /// Compares what the device has with what there is, and sends the difference.
    void check();
    /// Closes what did not sign in, or has been silent for too long.
    void checkDeadlines();
    void sayGoodbye(wire::Goodbye::Reason reason, Millis retryAfter, std::string detail);

    [[nodiscard]] ConnectionId id() const { return id_; }
    [[nodiscard]] PeerState state() const { return state_; }
    [[nodiscard]] std::size_t unsent() const { return sink_->unsent(); }
    [[nodiscard]] MonoTime opened() const { return opened_; }
    [[nodiscard]] MonoTime lastHeard() const { return lastHeard_; }
    [[nodiscard]] const LiveDelivery& delivery() const { return delivery_; }

    [[nodiscard]] const Caller& caller() const override { return caller_; }

private:
    // CallContext
    [[nodiscard]] Chat& chat() override { return services_.chat; }
    [[nodiscard]] const ServerFacts& facts() const override { return services_.facts; }
    [[nodiscard]] WallTime now() const override { return services_.clock.wall(); }
    [[nodiscard]] Executor& strand() override { return services_.strand; }
    [[nodiscard]] const Bytes& address() const override { return address_; }
    [[nodiscard]] const Bytes& challenge() const override { return challenge_; }
    const Bytes& makeChallenge() override;
    void greeted(std::uint32_t minorVersion) override { minorVersion_ = minorVersion; }
    void signedIn(const SignedIn& device) override;
    void loggedOut() override;
    void focused(LogId log) override;
    void watchesPresence(bool any) override { watchesPresence_ = any; }
    [[nodiscard]] bool isCurrent() const override { return claim_ && *claim_; }
    void stated(LogId log, Seq cursor) override;
    void pageRead(LogId log, Seq last) override { delivery_.fetched(log, last); }
    void headsRead(const HeadsView& view) override { events_.marksKnown(view); }

    // LiveDelivery::Port
    [[nodiscard]] Result<Seq> statedCursor(LogId log) override;
    [[nodiscard]] Result<PageView> readPage(const PageRequest& request) override;
    void sendEntries(LogId log, Generation generation, const std::vector<Entry>& entries, Seq head) override;
    [[nodiscard]] bool tight() const override { return services_.budget.tight(); }
    [[nodiscard]] bool congested() override;

    [[nodiscard]] bool takeFrameToken();
    void request(const wire::Frame& frame);
    void serve(const wire::Frame& frame);
    void serveWaiting();
    void answer(wire::Method method, std::uint64_t id, const Result<Bytes>& result);
    void answered();
    void checkPage(const HeadsRequest& request);
    void sendMarks(LogId log);
    void protocolError(std::string detail);
    void close();

    PeerServices& services_;
    PeerOwner& owner_;
    const ConnectionId id_;
    std::shared_ptr<PeerSink> sink_;
    const Bytes address_;
    PeerState state_ = PeerState::Greeting;
    Caller caller_;
    DeviceDirectory::Claim claim_;
    Bytes challenge_;
    std::uint32_t minorVersion_ = 0;
    MonoTime opened_;
    MonoTime lastHeard_;
    MonoTime lastCheck_;
    std::uint64_t activityToken_ = 0;
    std::uint64_t lastRequest_ = 0;
    std::size_t inFlight_ = 0;
    std::deque<wire::Frame> waiting_;
    std::size_t waitingOctets_ = 0;
    bool reading_ = true;
    std::int64_t frameBalance_ = frameBurst * frameRefill.count(); ///< In milliseconds of refilling.
    MonoTime frameCounted_;
    std::uint32_t refusedInARow_ = 0;
    LogId focus_;
    bool watchesPresence_ = false;
    bool signingIn_ = false;
    bool closeWhenAnswered_ = false;
    LiveDelivery delivery_;
    OutgoingEvents events_;
};

} // namespace kith::server
