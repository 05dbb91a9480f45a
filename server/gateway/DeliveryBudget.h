#pragma once
/// One budget per process over octets that wait to be sent (P9, mechanisms.md section 2). Thread: any.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kith::server
{

class DeliveryBudget
{
public:
    explicit DeliveryBudget(std::size_t limit) : limit_(static_cast<std::int64_t>(limit)) {}

    void add(std::int64_t delta) { used_.fetch_add(delta, std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t used() const { return used_.load(std::memory_order_relaxed); }
    /// Windows shrink while this holds.
    [[nodiscard]] bool tight() const { return used() > limit_ / 2; }
    /// The slowest are closed while this holds.
    [[nodiscard]] bool over() const { return used() > limit_; }

private:
    std::atomic<std::int64_t> used_{0};
    std::int64_t limit_;
};

} // namespace kith::server
