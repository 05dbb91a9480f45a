#pragma once
/// How often one message was refused for a stale device list: after some times a recently current list is taken
/// (mechanisms.md section 5), so that a peer who keeps changing devices cannot stop a conversation. In memory, bounded;
/// forgetting a count only costs another round trip. Thread: any.

#include "core/base/StrongId.h"

#include <deque>
#include <map>
#include <mutex>

namespace kith::server
{

class ConflictCounter
{
public:
    explicit ConflictCounter(std::size_t capacity = 10'000) : capacity_(capacity) {}

    /// How often add() was called for it.
    [[nodiscard]] std::size_t count(DeviceId device, ClientMsgId message) const;
    void add(DeviceId device, ClientMsgId message);

private:
    using Key = std::pair<DeviceId, ClientMsgId>;

    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::map<Key, std::size_t> counts_;
    std::deque<Key> order_; ///< Oldest first.
};

} // namespace kith::server
