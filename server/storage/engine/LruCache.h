#pragma once
/// A cache of the most recently used values with a budget in octets. Nothing is dropped but by shrink(), so that
/// references stay valid in between. Thread: one owner.

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace kith::server
{

template <class Key, class Value> class LruCache
{
public:
    /// Octets of one entry beside what the value itself owns: list node, index node, key twice.
    static constexpr std::size_t entryCost = sizeof(Value) + 2 * sizeof(Key) + 96;

    /// Nullptr where absent; a found value becomes the most recent.
    [[nodiscard]] Value* find(const Key& key)
    {
        const auto found = index_.find(key);
        if (found == index_.end())
            return nullptr;
        order_.splice(order_.begin(), order_, found->second);
        return &found->second->second;
    }
    /// Without touching the order.
    [[nodiscard]] const Value* peek(const Key& key) const
    {
        const auto found = index_.find(key);
        return found == index_.end() ? nullptr : &found->second->second;
    }
    Value& insert(const Key& key, Value value)
    {
        if (Value* present = find(key)) {
            *present = std::move(value);
            return *present;
        }
        order_.emplace_front(key, std::move(value));
        index_.emplace(key, order_.begin());
        return order_.front().second;
    }
    void erase(const Key& key)
    {
        const auto found = index_.find(key);
        if (found == index_.end())
            return;
        order_.erase(found->second);
        index_.erase(found);
    }
    [[nodiscard]] std::size_t size() const { return order_.size(); }

    /// Says that a held value came to own `octets` more (or fewer) outside itself.
    void charge(std::ptrdiff_t octets) { extra_ += octets; }
    /// Drops the least recent entries until at most `budget` octets are held. `extra(value)`: what was charged for it.
    template <class Extra> void shrink(std::size_t budget, Extra extra)
    {
        while (!order_.empty() && order_.size() * entryCost + static_cast<std::size_t>(extra_) > budget) {
            extra_ -= static_cast<std::ptrdiff_t>(extra(order_.back().second));
            index_.erase(order_.back().first);
            order_.pop_back();
        }
    }
    void shrink(std::size_t budget)
    {
        shrink(budget, [](const Value&) { return std::size_t{0}; });
    }

private:
    std::list<std::pair<Key, Value>> order_; ///< Most recent first.
    std::ptrdiff_t extra_ = 0;               ///< Octets that held values own outside themselves.
    std::unordered_map<Key, typename std::list<std::pair<Key, Value>>::iterator> index_;
};

} // namespace kith::server
