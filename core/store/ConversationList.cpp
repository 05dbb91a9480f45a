#include "core/store/ConversationList.h"

#include "core/store/Rows.h"

#include <algorithm>

namespace kith
{
namespace
{

Result<std::vector<Conversation>> withLast(sqlite::Database& database, sqlite::Statement statement)
{
    static const std::string last = rows::selectMessages("WHERE m.id = ?");
    std::vector<Conversation> conversations;
    while (true) {
        KITH_TRY(const bool row, statement.step());
        if (!row)
            return conversations;
        Conversation conversation = rows::conversationFrom(statement);
        if (!statement.isNull(16)) {
            KITH_TRY(auto message, database.query(last, statement.integer(16)));
            KITH_TRY(conversation.last, rows::oneMessageFrom(std::move(message)));
        }
        conversations.push_back(std::move(conversation));
    }
}

} // namespace

Result<std::vector<Conversation>> ConversationList::page(std::size_t offset, std::size_t limit)
{
    static const std::string sql =
        rows::selectConversations("WHERE listed = 1 ORDER BY activity_ms DESC, id DESC LIMIT ? OFFSET ?");
    KITH_TRY(auto statement, database_.query(sql, std::min(limit, maxWindow), offset));
    return withLast(database_, std::move(statement));
}

Result<std::vector<Conversation>> ConversationList::requests(std::size_t limit)
{
    static const std::string sql =
        rows::selectConversations("WHERE request = 2 ORDER BY activity_ms DESC, id DESC LIMIT ?");
    KITH_TRY(auto statement, database_.query(sql, std::min(limit, maxWindow)));
    return withLast(database_, std::move(statement));
}

Result<std::optional<Conversation>> ConversationList::find(const LogId& log)
{
    static const std::string sql = rows::selectConversations("WHERE log_id = ?");
    KITH_TRY(auto statement, database_.query(sql, log));
    KITH_TRY(auto found, withLast(database_, std::move(statement)));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

} // namespace kith
