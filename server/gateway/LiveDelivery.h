#pragma once
/// Live delivery to one connection: a hint says that a log moved, what follows the connection's position is read and
/// sent, as far as the window of unacknowledged octets allows (mechanisms.md section 2). The log is the queue: a slow
/// device costs its window and nothing more (P9).
///
/// Invariants:
///  1. `sent` of a log starts at the cursor that the device stated, and moves only with entries that were handed to
///  this
///     connection, and with later statements of the device.
///  2. Entries of a log are sent in order, each once unless a position is stated anew.
///  3. Unacknowledged octets stay within the window; one entry may always go, even if larger.
///  4. A log costs memory only while octets of it are unacknowledged, or it was active lately.
///
/// Owned by Peer. Thread: the connection's strand.

#include "core/base/Clock.h"
#include "server/bus/Bus.h"
#include "server/chat/messages/LogReader.h"

#include <deque>
#include <unordered_map>

namespace kith::server
{

class LiveDelivery
{
public:
    static constexpr std::size_t smallestWindow = 32U << 10;
    static constexpr std::size_t largestWindow = 256U << 10;
    static constexpr std::size_t tightWindow = 16U << 10; ///< While the process budget is short.
    static constexpr std::size_t largestRead = 64U << 10; ///< Octets read for one frame, so that logs take turns.
    static constexpr Millis promptAck{2000};
    static constexpr Millis keepIdle{60'000};

    /// What delivery stands on; implemented by Peer.
    class Port
    {
    public:
        virtual ~Port() = default;
        /// The cursor that the device last stated for the log.
        [[nodiscard]] virtual Result<Seq> statedCursor(LogId log) = 0;
        [[nodiscard]] virtual Result<PageView> readPage(const PageRequest& request) = 0;
        /// An Entries event.
        virtual void sendEntries(LogId log, Generation generation, const std::vector<Entry>& entries, Seq head) = 0;
        /// The process needs its memory: windows shrink.
        [[nodiscard]] virtual bool tight() const = 0;
        /// Answers wait to be sent already; writable() follows.
        [[nodiscard]] virtual bool congested() = 0;
    };

    LiveDelivery(Port& port, const Clock& clock) : port_(port), clock_(clock) {}

    /// Rows of the hint are used where they follow exactly what was sent; `device` picks their envelope.
    void hinted(const Hint& hint, DeviceId device);
    /// The log's head is known to be `head` (the idle check saw it).
    void headSeen(LogId log, Generation generation, Seq head);
    /// The device stated that it has everything up to `cursor`.
    void stated(LogId log, Seq cursor);
    /// The device fetched a page up to `last` by itself.
    void fetched(LogId log, Seq last);
    /// This log goes first.
    void focus(LogId log) { focus_ = log; }
    /// Sends what may be sent now.
    void pump();
    /// Forgets logs that are acknowledged and have been quiet.
    void forgetIdle();

    /// What entries cost on the wire, to within a few octets each, without encoding them twice.
    [[nodiscard]] static std::size_t octetsOf(const Entry& entry);
    [[nodiscard]] static std::size_t octetsOf(const std::vector<Entry>& entries);
    [[nodiscard]] std::size_t unacknowledged() const { return unacked_; }
    [[nodiscard]] std::size_t window() const;
    [[nodiscard]] std::size_t logs() const { return logs_.size(); }

private:
    struct Chunk {
        Seq first;
        Seq last;
        std::size_t octets;
        MonoTime sentAt;
        bool windowFull; ///< The window was what limited delivery.
    };
    struct Log {
        Generation generation;
        Seq sent;
        Seq head;
        bool positioned = false;    ///< `sent` is known.
        bool waiting = false;       ///< Stands in turns_.
        std::size_t nextOctets = 0; ///< Of the frame that did not fit the window.
        std::deque<Chunk> unacked;
        MonoTime active;
    };

    [[nodiscard]] bool position(LogId id, Log& log);
    void wait(LogId id, Log& log);
    [[nodiscard]] bool sendNext(LogId id, Log& log);
    void send(LogId id, Log& log, Generation generation, const std::vector<Entry>& entries);

    Port& port_;
    const Clock& clock_;
    std::unordered_map<LogId, Log> logs_;
    std::deque<LogId> turns_; ///< Logs with something to send, round robin.
    LogId focus_;
    std::size_t window_ = smallestWindow;
    std::size_t unacked_ = 0;
};

} // namespace kith::server
