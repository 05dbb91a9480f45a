#pragma once
/// Writing rows of messages: what Inbox- and OutboxStore share. Private to core/store. Thread: the engine thread,
/// inside a transaction.

#include "core/store/InboxStore.h"
#include "core/store/Rows.h"

#include <optional>

namespace kith::rows
{

/// A stored row with the same author's device and client_msg_id.
struct Existing {
    std::int64_t id = 0;
    std::int64_t generation = 0;
    std::int64_t seq = 0;
    bool numbered = false; ///< The place is its own.
    bool own = false;
    bool composed = false;
    bool unconfirmed = false;
    MessageKind kind = MessageKind::Text;
};

/// Nothing for the server's entries, which have no client_msg_id.
[[nodiscard]] Result<std::optional<Existing>> findExisting(sqlite::Database& database, std::int64_t conversation,
                                                           const ClientMsgId& clientMsgId,
                                                           std::optional<std::int64_t> sender);

/// Moves whatever stands at the place, unless it is `except`, back among the unnumbered: an answer of the server that
/// its own log contradicts must not block what the log says.
[[nodiscard]] Result<void> vacate(sqlite::Database& database, std::int64_t conversation, std::int64_t generation,
                                  std::int64_t seq, std::int64_t except);

/// Inserts a row at its place. `kind` is row.kind or Duplicate, which keeps numbers and chain only.
[[nodiscard]] Result<MessageId> insert(sqlite::Database& database, std::int64_t conversation, const InboxRow& row,
                                       std::optional<std::int64_t> sender, bool own, MessageKind kind);

/// Replaces what the row says; its id, place and author stay.
[[nodiscard]] Result<void> replaceContent(sqlite::Database& database, std::int64_t id, const InboxRow& row);

/// Invalid for sizes that no entry has; checked before anything is written.
[[nodiscard]] Result<void> validate(const InboxRow& row);

/// Counts as unread after the read position.
[[nodiscard]] bool counts(MessageKind kind, bool own);

} // namespace kith::rows
