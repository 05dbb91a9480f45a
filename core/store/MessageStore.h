#pragma once
/// Reading a conversation: rows by (generation, seq), then what the server has not numbered yet in order of composing.
/// A failed message stands where it was composed: below the newest entry of that moment. No clock sorts anything (P3).
/// Written by InboxStore and OutboxStore only. Owned by ClientStore on the engine thread, and by ReaderStore on its
/// own. Thread: the connection's.

#include "core/domain/Message.h"
#include "core/store/sqlite/Database.h"

#include <optional>
#include <vector>

namespace kith
{

class MessageStore
{
public:
    /// More rows are never read at once.
    static constexpr std::size_t maxWindow = 1000;

    explicit MessageStore(sqlite::Database& database) : database_(database) {}

    [[nodiscard]] Result<std::optional<Message>> find(MessageId id);
    [[nodiscard]] Result<std::optional<Message>> find(const LogId& log, LogPosition position);
    /// By author and client_msg_id; where both sides know a commitment, it must match.
    [[nodiscard]] Result<std::optional<Message>> find(const LogId& log, const MessageReference& reference);

    /// Visible rows in order of the timeline.
    [[nodiscard]] Result<std::vector<Message>> newest(const LogId& log, std::size_t limit);
    /// Up to `before` rows before the anchor, the anchor, and up to `after` rows after it.
    [[nodiscard]] Result<std::vector<Message>> around(MessageId anchor, std::size_t before, std::size_t after);
    [[nodiscard]] Result<std::vector<Message>> before(MessageId anchor, std::size_t limit);
    [[nodiscard]] Result<std::vector<Message>> after(MessageId anchor, std::size_t limit);
    /// What counts as unread when the read position is `after`, the oldest first.
    [[nodiscard]] Result<std::vector<Message>> unread(const LogId& log, Seq after, std::size_t limit);
    /// The oldest row that counts as unread: where a chat is opened. Absent: everything was on a screen.
    [[nodiscard]] Result<std::optional<Message>> firstUnread(const LogId& log);
    /// first <= seq <= last, in any generation, hidden rows too; at most maxWindow rows.
    [[nodiscard]] Result<std::vector<Message>> range(const LogId& log, Seq first, Seq last);

private:
    sqlite::Database& database_;
};

} // namespace kith
