#pragma once
/// Entries of the log to messages in the store (style.md section 5, steps 14-16). Per log, strictly in order: form,
/// chain (P4), opening, then one transaction with rows, session state, cursor and chain; only after its commit may the
/// cursor be told to the server (P1). Redelivered rows change nothing (P2); a hole is fetched, never stepped over (P4).
///
/// Owned by SyncEngine. Engine thread.

#include "core/sync/ContentMapping.h"
#include "core/sync/DeviceDirectory.h"
#include "core/sync/LogRow.h"
#include "core/sync/SystemEntries.h"

#include <deque>
#include <map>
#include <set>

namespace kith
{

class Inbox
{
public:
    struct Hooks {
        std::function<void(LogId)> stored;        ///< Committed: cursors and marks may go out.
        std::function<void(LogId)> gap;           ///< Rows are missing before what came.
        std::function<void(LogId)> waiting;       ///< Something could not be opened yet.
        std::function<void(const Error&)> broken; ///< The server breaks the protocol, or the store stopped.
    };

    Inbox(SyncContext& context, DeviceDirectory& directory, SystemEntries& system, Hooks hooks)
        : context_(context), directory_(directory), system_(system), hooks_(std::move(hooks))
    {
    }

    /// Rows of one log in order. `done` when they are committed or refused; may come later, when a device list had to
    /// be fetched first. With what is ahead of the cursor the answer is StoreError::Gap and gap() is called.
    void deliver(LogId log, std::vector<LogRow> rows, Seq head, Completion<void> done);
    /// That device's certificate is new: tries again what waits from it.
    void retryFrom(const DeviceAddress& device);
    /// This program may be newer than the one that received: tries again what waits for an update.
    void retryUpdated();
    void disconnected();

private:
    struct Delivery {
        std::vector<LogRow> rows;
        Seq head;
        Completion<void> done;
    };
    struct Lane {
        std::deque<Delivery> deliveries;
        bool busy = false;
    };

    void next(LogId log);
    void fetchLists(LogId log, std::set<UserId> users);
    void finish(LogId log, Result<void> outcome);
    /// Accounts whose lists lack the device of a row; each is fetched once a connection for that device.
    [[nodiscard]] Result<std::set<UserId>> unknownSenders(const std::vector<LogRow>& rows);
    [[nodiscard]] Result<void> commit(LogId log, const Delivery& delivery);
    [[nodiscard]] Result<void> commitSome(const Conversation& conversation, std::span<const LogRow> rows, Seq head);
    [[nodiscard]] Result<InboxRow> toInbox(const Conversation& conversation, const LogRow& row,
                                           const Sha256Digest& chain);
    /// An answer to a resend request: its content takes the place of the row that waits.
    [[nodiscard]] Result<InboxRow> resent(InboxRow out, const LogRow& row);
    [[nodiscard]] Result<void> openInto(InboxRow& out, const LogRow& row, bool retried);
    [[nodiscard]] Result<void> opened(InboxRow& out, const LogRow& row, const Opened& content);
    /// Opens; where that fails, once more with what the log proves trimmed.
    [[nodiscard]] Result<OpenResult> open(OpenRequest& request, const LogRow& row);
    void retry(const Result<std::vector<WaitingMessage>>& waiting);
    [[nodiscard]] Result<void> retryOne(const WaitingMessage& waiting);

    SyncContext& context_;
    DeviceDirectory& directory_;
    SystemEntries& system_;
    Hooks hooks_;
    std::map<LogId, Lane> lanes_;
    std::set<DeviceAddress> sought_;      ///< Not in the newest list that this connection could get.
    std::optional<ResentContent> resent_; ///< Of the row being opened.
    bool anyWaiting_ = false;
};

} // namespace kith
