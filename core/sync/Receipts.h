#pragma once
/// Cursors and marks to the server and back (mechanisms.md section 2, "Receipts"). What the store has not had
/// acknowledged is stated again on every connection; the server answers with its next group commit, so an answer may
/// take long and nobody waits for it. Owned by SyncEngine. Engine thread.

#include "core/protocol/wire/sync.pb.h"
#include "core/sync/SyncContext.h"

#include <map>

namespace kith
{

class Receipts
{
public:
    /// Statements that follow each other this quickly are one.
    static constexpr Millis coalesce{20};

    explicit Receipts(SyncContext& context) : context_(context) {}

    /// Up to `seq` was on a screen.
    [[nodiscard]] Result<void> markRead(LogId log, Seq seq);
    /// Something was stored or read: tells the server soon.
    void schedule();
    /// A new connection: everything unacknowledged is stated again.
    void connected();
    void disconnected();
    [[nodiscard]] Result<void> received(const wire::Marks& marks);
    /// There is something that this connection has not carried yet.
    [[nodiscard]] Result<bool> pending();

private:
    void flush();
    void state(const AckState& ack);

    SyncContext& context_;
    std::unique_ptr<Timer> timer_;
    std::map<LogId, std::uint64_t> stated_; ///< Highest revision handed to this connection, by log.
    std::uint64_t connection_ = 0;          ///< Answers of an earlier connection change nothing here.
};

} // namespace kith
