#pragma once
/// The batch of the group being built, readable by the engine that builds it: what one transaction of a group wrote,
/// the next one sees. Owned by LogEngine, on the writer's thread.

#include "server/storage/engine/Kv.h"

#include <unordered_map>

namespace kith::server
{

class WriteSet
{
public:
    explicit WriteSet(const Kv& kv) : kv_(kv) {}

    void put(Bytes key, Bytes value) { set(std::move(key), std::move(value)); }
    void erase(Bytes key) { set(std::move(key), std::nullopt); }
    /// Becomes durable before, or together with, all that put() wrote: an activity mark.
    void putBefore(Bytes key) { batch_.before.push_back({std::move(key), Bytes{}}); }

    /// The value as this group leaves it so far.
    [[nodiscard]] Result<std::optional<Bytes>> get(const Bytes& key) const
    {
        const auto found = place_.find(key);
        if (found != place_.end())
            return batch_.main[found->second].value;
        return kv_.get(key);
    }
    [[nodiscard]] bool erases(const Bytes& key) const
    {
        const auto found = place_.find(key);
        return found != place_.end() && !batch_.main[found->second].value;
    }
    [[nodiscard]] bool empty() const { return batch_.empty(); }
    /// Committed state alone.
    [[nodiscard]] const Kv& committed() const { return kv_; }

    [[nodiscard]] KvBatch take()
    {
        place_.clear();
        return std::exchange(batch_, {});
    }

private:
    void set(Bytes key, std::optional<Bytes> value)
    {
        const auto [place, fresh] = place_.try_emplace(key, batch_.main.size());
        if (fresh)
            batch_.main.push_back({std::move(key), std::move(value)});
        else
            batch_.main[place->second].value = std::move(value);
    }

    const Kv& kv_;
    KvBatch batch_;
    std::unordered_map<Bytes, std::size_t> place_; ///< Key to its operation in batch_.main.
};

} // namespace kith::server
