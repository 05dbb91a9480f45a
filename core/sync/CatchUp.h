#pragma once
/// From "connected" to "nothing is missing" (mechanisms.md section 2): heads since the last completed catch-up, then
/// pages of every log that moved, the account log first, a few logs at a time. The requests for heads carry this
/// device's positions; nothing goes on before the last of them is answered. There is no second way to catch up: a gap
/// in live delivery fetches pages through the same door. Owned by SyncEngine. Engine thread.
///
///     Idle --ready--> Heads --all pages--> Account --level--> Logs --all level--> Idle (caughtUp)
///     any --disconnected--> Idle
///     Heads --denied--> Idle (oldCopy)

#include "core/sync/Inbox.h"
#include "core/sync/Positions.h"
#include "core/sync/Receipts.h"

#include <set>

namespace kith
{

class CatchUp
{
public:
    static constexpr std::size_t parallelLogs = 4;

    /// A server that asks for this much has a trouble that people are to see.
    static constexpr Millis longAsk{10'000};

    struct Hooks {
        std::function<void()> confirmed; ///< The server holds nothing of this device that it does not have itself.
        std::function<void()> oldCopy;   ///< It does: nothing may be sealed with this state, ever.
        std::function<void()> caughtUp;
        std::function<void(LogId)> level; ///< This log has no known gap any more.
        std::function<void(const Error&)> broken;
    };

    CatchUp(SyncContext& context, Inbox& inbox, Receipts& receipts, Hooks hooks)
        : context_(context), inbox_(inbox), receipts_(receipts), hooks_(std::move(hooks)), positions_(context)
    {
    }

    /// A connection is authenticated.
    void ready();
    void disconnected();
    /// Fetches what follows this log's cursor until it is level; joins a fetch under way, which then looks once more.
    void fetch(LogId log);
    /// Live delivery.
    void received(const wire::Entries& entries);

private:
    enum class Phase { Idle, Heads, Account, Logs };
    struct Fetch {
        bool again = false;
    };

    void askHeads(const Bytes& after);
    void heads(const Bytes& after, const wire::HeadsResponse& answer);
    void headsRefused(const Error& error);
    [[nodiscard]] Result<void> noteHeads(const wire::HeadsResponse& answer);
    void afterHeads();
    void addUnread();
    void startFetches();
    void askPage(LogId log);
    void page(LogId log, const wire::SyncResponse& answer);
    [[nodiscard]] Result<void> skipTrimmed(LogId log, const wire::SyncResponse& answer);
    [[nodiscard]] Result<std::vector<LogRow>> readRows(LogId log,
                                                       const google::protobuf::RepeatedPtrField<wire::Entry>& entries);
    void endFetch(LogId log);
    void retryLater(const Error& error);
    void advance();

    SyncContext& context_;
    Inbox& inbox_;
    Receipts& receipts_;
    Hooks hooks_;
    Positions positions_;
    Phase phase_ = Phase::Idle;
    std::uint64_t connection_ = 0;
    std::uint64_t token_ = 0; ///< Kept once everything of this catch-up is stored.
    std::set<LogId> waiting_; ///< To be fetched in this catch-up.
    /// Of logs that the account log has not told of yet: where this device starts in them.
    wire::HeadsResponse unknown_;
    std::map<LogId, Fetch> fetching_;
    std::unique_ptr<Timer> retry_;
};

} // namespace kith
