#pragma once
/// Token buckets by kind and key (device, account, address, conversation): P9's "who asks too much waits". Bounded:
/// when there are too many keys the one used longest ago is forgotten, which can only let somebody through who had
/// rested. Time is injected. Thread: any.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"

#include <array>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

namespace kith::server
{

class TokenBuckets
{
public:
    /// `capacity`: keys kept, over all kinds.
    explicit TokenBuckets(const Clock& clock, std::size_t capacity = 100'000);

    /// Takes a token of the bucket (kind, key), which holds `burst` and gains one per `refill`. Zero: taken; else how
    /// long until there is one.
    [[nodiscard]] Millis take(std::uint8_t kind, ByteView key, std::uint32_t burst, Millis refill);
    [[nodiscard]] std::size_t size() const;

private:
    struct Bucket {
        std::string key;
        std::int64_t balance = 0; ///< In milliseconds of refilling: a token is worth `refill`.
        MonoTime counted;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::list<Bucket> buckets; ///< Newest use first.
        std::unordered_map<std::string, std::list<Bucket>::iterator> index;
    };

    const Clock& clock_;
    std::size_t shardCapacity_;
    std::array<Shard, 16> shards_;
};

} // namespace kith::server
