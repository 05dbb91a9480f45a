#pragma once
/// Membership records, decoded, bounded, oldest forgotten first. Writes are safe whatever the cache holds, because
/// their transactions expect the version that it gave (and forget() follows a conflict). Reads see a change of this
/// process at once and one of another process after `freshness`. Thread: any.

#include "core/base/Clock.h"
#include "server/chat/records/Records.h"

#include <array>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace kith::server
{

using SharedConversation = std::shared_ptr<const Loaded<Conversation>>;

class ConversationCache
{
public:
    static constexpr Millis freshness{10'000};

    ConversationCache(const Storage& storage, const Clock& clock, std::size_t capacity = 16'384);

    /// Null where there is no such log. Blocks on the storage for what it does not hold.
    [[nodiscard]] Result<SharedConversation> get(LogId log);
    /// The record was written, or turned out to be stale.
    void forget(LogId log);

private:
    struct Item {
        LogId log;
        SharedConversation conversation;
        MonoTime read;
    };
    struct Shard {
        std::mutex mutex;
        std::list<Item> items; ///< Newest use first.
        std::unordered_map<LogId, std::list<Item>::iterator> index;
        /// Raised by forget(): what was read from the storage before it is not kept after it.
        std::uint64_t forgotten = 0;
    };
    [[nodiscard]] Shard& shardOf(LogId log) { return shards_[static_cast<unsigned char>(log.view()[15]) % 16]; }

    const Storage& storage_;
    const Clock& clock_;
    std::size_t shardCapacity_;
    std::array<Shard, 16> shards_;
};

} // namespace kith::server
