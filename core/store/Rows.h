#pragma once
/// How rows of the store become domain values, and the small look-ups that every store needs. Private to core/store.
/// Thread: the connection's.

#include "core/domain/Conversation.h"
#include "core/store/sqlite/Database.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace kith::rows
{

/// message.generation of what the server has not numbered yet; message.seq is then the row's own id. A failed message
/// stands below the entry that was the newest when it was composed: generation and seq are that entry's, message.below
/// is the row's own id. An entry that has its own number has below = 0. The timeline is sorted by the three.
constexpr std::int64_t unnumbered = std::numeric_limits<std::int64_t>::max();

/// SELECT ... FROM message m with what it joins; append conditions. messageFrom reads its columns.
[[nodiscard]] std::string selectMessages(std::string_view conditions);
constexpr int messageColumns = 24; ///< Of selectMessages; what a caller selects besides follows.
[[nodiscard]] Message messageFrom(const sqlite::Statement& row);
/// Runs `statement` to its end.
[[nodiscard]] Result<std::vector<Message>> messagesFrom(sqlite::Statement statement);
[[nodiscard]] Result<std::optional<Message>> oneMessageFrom(sqlite::Statement statement);

[[nodiscard]] std::string selectConversations(std::string_view conditions);
[[nodiscard]] Conversation conversationFrom(const sqlite::Statement& row);
[[nodiscard]] Result<std::vector<Conversation>> conversationsFrom(sqlite::Statement statement);

/// What writing needs to know of a conversation.
struct Place {
    std::int64_t id = 0;
    std::int64_t generation = 0;
    std::int64_t cursor = 0;
    std::int64_t readPosition = 0;
    std::int64_t fromSeq = 0;
    std::int64_t lastSendNo = 0;
};

/// NotFound for a log that ConversationStore::ensure has not seen.
[[nodiscard]] Result<Place> place(sqlite::Database& database, const LogId& log);

/// The row's number, made where it is new.
[[nodiscard]] Result<std::int64_t> senderNumber(sqlite::Database& database, const UserId& user, const DeviceId& device);

/// SQL condition: counts as unread when it stands after the read position.
constexpr std::string_view countedSql = "own = 0 AND confirmation = 1 AND kind IN (1, 2, 5, 6)";
/// SQL condition: shown in the timeline.
constexpr std::string_view visibleSql = "kind NOT IN (4, 8)";

/// Sets last_message and, where the newest row has a server time, activity_ms.
[[nodiscard]] Result<void> refreshLast(sqlite::Database& database, std::int64_t conversation);
/// Counts unread rows from scratch; for rare changes (a cut). Others add and subtract.
[[nodiscard]] Result<void> recountUnread(sqlite::Database& database, std::int64_t conversation);
/// Something about this log has to be told to the server.
[[nodiscard]] Result<void> raiseAck(sqlite::Database& database, std::int64_t conversation);

} // namespace kith::rows
