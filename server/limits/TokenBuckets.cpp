#include "server/limits/TokenBuckets.h"

#include <algorithm>

namespace kith::server
{

TokenBuckets::TokenBuckets(const Clock& clock, std::size_t capacity)
    : clock_(clock), shardCapacity_(std::max<std::size_t>(1, capacity / 16))
{
}

Millis TokenBuckets::take(std::uint8_t kind, ByteView key, std::uint32_t burst, Millis refill)
{
    if (refill <= Millis{0})
        return Millis{0};
    std::string name(1, static_cast<char>(kind));
    name.append(key);
    Shard& shard = shards_[std::hash<std::string>{}(name) % shards_.size()];
    const MonoTime now = clock_.mono();
    const std::int64_t full = static_cast<std::int64_t>(burst) * refill.count();

    const std::lock_guard lock(shard.mutex);
    auto at = shard.index.find(name);
    if (at == shard.index.end()) {
        shard.buckets.push_front({name, full, now});
        at = shard.index.emplace(std::move(name), shard.buckets.begin()).first;
        if (shard.buckets.size() > shardCapacity_) {
            shard.index.erase(shard.buckets.back().key);
            shard.buckets.pop_back();
        }
    } else {
        shard.buckets.splice(shard.buckets.begin(), shard.buckets, at->second);
    }

    Bucket& bucket = *at->second;
    const std::int64_t rested = std::max<std::int64_t>(0, (now - bucket.counted).count());
    // Rested for longer than a whole bucket is full; adding first could overflow.
    bucket.balance = rested >= full ? full : std::min(full, bucket.balance + rested);
    bucket.counted = now;
    if (bucket.balance < refill.count())
        return refill - Millis{bucket.balance};
    bucket.balance -= refill.count();
    return Millis{0};
}

std::size_t TokenBuckets::size() const
{
    std::size_t size = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        size += shard.buckets.size();
    }
    return size;
}

} // namespace kith::server
