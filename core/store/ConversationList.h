#pragma once
/// The list of chats: read from one index, without touching messages beyond each chat's last. Owned by ClientStore's
/// and ReaderStore's connections alike. Thread: the connection's.

#include "core/domain/Conversation.h"
#include "core/store/sqlite/Database.h"

#include <optional>
#include <vector>

namespace kith
{

class ConversationList
{
public:
    static constexpr std::size_t maxWindow = 1000;

    explicit ConversationList(sqlite::Database& database) : database_(database) {}

    /// Accepted and outgoing ones, the most recently active first, from `offset` on.
    [[nodiscard]] Result<std::vector<Conversation>> page(std::size_t offset, std::size_t limit);
    /// Message requests of others, the newest first.
    [[nodiscard]] Result<std::vector<Conversation>> requests(std::size_t limit);
    [[nodiscard]] Result<std::optional<Conversation>> find(const LogId& log);

private:
    sqlite::Database& database_;
};

} // namespace kith
