#pragma once
/// What this device tells the server of where it stands, anew on every connection and before anything is sealed
/// (mechanisms.md section 1, "Dedupe"): the server refuses a device that stands behind what it stated or sent before.
/// Such a device is an old copy of itself, and would use ratchet keys and numbers a second time. Owned by CatchUp.
/// Engine thread.
///
/// The first connection of a process states every log, for only a new process can begin with an old copy. Later ones
/// state what moved since it was confirmed, what has messages on their way, and what the server's heads name: memory
/// can be an old copy too, where a whole machine was put back.

#include "core/sync/SyncContext.h"

#include <map>
#include <set>

namespace kith
{

class Positions
{
public:
    static constexpr std::size_t atOnce = 500;

    explicit Positions(SyncContext& context) : context_(context) {}

    /// A connection is authenticated: nothing counts as confirmed on it.
    [[nodiscard]] Result<void> connected();
    /// The server says that this log moved.
    void moved(const LogId& log);
    /// Takes the next ones, as they stand now, into a request.
    [[nodiscard]] Result<void> fill(wire::HeadsRequest& request);
    /// The server answered the request that was filled last, and did not refuse.
    void confirmed();
    /// All that is to be stated on this connection was filled.
    [[nodiscard]] bool allStated() const { return waiting_.empty(); }

private:
    struct Standing {
        Generation generation;
        Seq cursor;
        SendNo sendNo;
        friend bool operator==(const Standing&, const Standing&) = default;
    };

    SyncContext& context_;
    std::map<LogId, Standing> known_; ///< Confirmed by the server, on this connection or an earlier one.
    std::map<LogId, Standing> asked_; ///< In the request under way.
    std::set<LogId> waiting_;
    std::set<LogId> stated_; ///< On this connection.
};

} // namespace kith
