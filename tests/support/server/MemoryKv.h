#pragma once
/// The memory twin's disk: an ordered map that knows what is synced and what is not, and can die at any step between.
/// Outlives the storage that runs on it, as a disk outlives a process. Owned by the test. Thread: any.

#include "server/storage/engine/Kv.h"

#include <functional>
#include <map>
#include <mutex>

namespace kith::test
{

class MemoryKv final : public server::Kv
{
public:
    enum class Buckets {
        Together, ///< A batch becomes durable at once, as in one RocksDB.
        Apart,    ///< Bucket by bucket, as in a sharded store: `before` first, then `main`.
    };
    enum class Unsynced { Lost, Kept };

    explicit MemoryKv(Buckets buckets = Buckets::Together) : buckets_(buckets) {}

    [[nodiscard]] Result<std::optional<Bytes>> get(ByteView key) const override;
    [[nodiscard]] std::unique_ptr<server::KvIterator> iterate(ByteView prefix) const override;
    /// stage() and sync().
    [[nodiscard]] Result<void> write(const server::KvBatch& batch) override;

    /// Written but not synced: nobody sees it, a crash may lose it.
    void stage(server::KvBatch batch);
    /// Makes what is staged durable and visible, step by step.
    [[nodiscard]] Result<void> sync();

    /// The machine dies: what is staged is lost, or happens to have reached the disk all the same. Until revive()
    /// everything fails.
    void crash(Unsynced unsynced = Unsynced::Lost);
    [[nodiscard]] bool isDead() const;
    /// The machine starts again with what was durable.
    void revive();

    /// Called before each step of a sync (with Buckets::Apart one per bucket and part) with its number, from 0; false:
    /// the machine dies there, before the step.
    std::function<bool(std::size_t step)> beforeStep;
    /// The next sync fails with this and nothing of it is durable.
    void failNextSync(Error error);

    /// Keys that are durable.
    [[nodiscard]] std::size_t size() const;
    /// Overwrites a durable value, as a rotten disk would.
    void damage(ByteView key, Bytes value);
    /// All durable keys, in order.
    [[nodiscard]] std::vector<Bytes> allKeys() const;

private:
    using Map = std::map<Bytes, Bytes, std::less<>>;
    void apply(const std::vector<const server::KvOp*>& step);
    [[nodiscard]] std::vector<std::vector<const server::KvOp*>> steps(const server::KvBatch& batch) const;

    const Buckets buckets_;
    mutable std::mutex mutex_;
    std::shared_ptr<Map> durable_ = std::make_shared<Map>(); ///< Copied before a change while an iterator looks at it.
    std::vector<server::KvBatch> staged_;
    std::optional<Error> nextFailure_;
    bool dead_ = false;
};

} // namespace kith::test
