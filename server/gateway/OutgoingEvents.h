#pragma once
/// Marks and ephemeral state on their way to one connection: coalesced, sent when there is room, shed before anything
/// else waits (DESIGN section 2). Of marks the newest per log survives; which revisions the device was told is kept as
/// short digests, so that a lost one is noticed by the idle check.
///
/// Owned by Peer. Thread: the connection's strand.

#include "server/bus/Bus.h"
#include "server/chat/messages/LogReader.h"
#include "server/gateway/PeerSink.h"

#include <map>
#include <vector>

namespace kith::server
{

class OutgoingEvents
{
public:
    static constexpr std::size_t roomBelow = 64U << 10; ///< Unsent octets above which these wait.
    static constexpr std::size_t maxWaiting = 128; ///< Of each kind; more are forgotten, marks until the next check.

    explicit OutgoingEvents(PeerSink& sink) : sink_(sink) {}

    void marks(LogId log, Generation generation, const LogMarks& marks);
    void typing(const TypingSeen& seen);
    void presence(const PresenceView& seen);
    /// Sends what waits, if there is room.
    void flush();

    /// The device learnt these revisions itself (Heads).
    void marksKnown(const HeadsView& view);
    /// Logs of `view` whose marks the device was not told yet; they count as told from here on. `firstPage` starts a
    /// check, later pages belong to it.
    [[nodiscard]] std::vector<LogId> marksMissing(const HeadsView& view, bool firstPage);

private:
    struct WaitingMarks {
        Generation generation;
        LogMarks marks;
    };
    [[nodiscard]] static std::uint32_t digest(LogId log, std::uint64_t revision);
    [[nodiscard]] bool room();

    PeerSink& sink_;
    std::map<LogId, WaitingMarks> marks_;
    std::map<std::pair<LogId, UserId>, bool> typing_;
    std::map<UserId, PresenceView> presence_;
    std::vector<std::uint32_t> known_;  ///< Digests of (log, revision) of the latest check: logs active lately.
    std::vector<std::uint32_t> before_; ///< Of the check before that, and what was told until then; sorted.
    std::vector<std::uint32_t> told_;   ///< Since the latest check.
    bool counted_ = false;              ///< There was a first picture to compare with.
    bool compare_ = false;
};

} // namespace kith::server
