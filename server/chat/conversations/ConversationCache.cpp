#include "server/chat/conversations/ConversationCache.h"

namespace kith::server
{

ConversationCache::ConversationCache(const Storage& storage, const Clock& clock, std::size_t capacity)
    : storage_(storage), clock_(clock), shardCapacity_(std::max<std::size_t>(1, capacity / 16))
{
}

Result<SharedConversation> ConversationCache::get(LogId log)
{
    Shard& shard = shardOf(log);
    const MonoTime now = clock_.mono();
    std::uint64_t forgotten = 0;
    {
        const std::lock_guard lock(shard.mutex);
        if (const auto found = shard.index.find(log); found != shard.index.end()) {
            if (now - found->second->read < freshness) {
                shard.items.splice(shard.items.begin(), shard.items, found->second);
                return found->second->conversation;
            }
            shard.items.erase(found->second);
            shard.index.erase(found);
        }
        forgotten = shard.forgotten;
    }

    KITH_TRY(std::optional<Loaded<Conversation>> loaded, load<Conversation>(storage_, conversationKey(log)));
    if (!loaded)
        return SharedConversation();
    auto conversation = std::make_shared<const Loaded<Conversation>>(std::move(*loaded));

    const std::lock_guard lock(shard.mutex);
    if (shard.forgotten == forgotten && !shard.index.contains(log)) {
        shard.items.push_front({log, conversation, now});
        shard.index.emplace(log, shard.items.begin());
        if (shard.items.size() > shardCapacity_) {
            shard.index.erase(shard.items.back().log);
            shard.items.pop_back();
        }
    }
    return SharedConversation(std::move(conversation));
}

void ConversationCache::forget(LogId log)
{
    Shard& shard = shardOf(log);
    const std::lock_guard lock(shard.mutex);
    ++shard.forgotten;
    if (const auto found = shard.index.find(log); found != shard.index.end()) {
        shard.items.erase(found->second);
        shard.index.erase(found);
    }
}

} // namespace kith::server
