#include "tests/support/server/MemoryKv.h"

namespace kith::test
{

using server::KvBatch;
using server::KvOp;
using server::StorageError;

namespace
{

class MemoryIterator final : public server::KvIterator
{
public:
    using Map = std::map<Bytes, Bytes, std::less<>>;
    MemoryIterator(std::mutex& mutex, std::shared_ptr<const Map> map, ByteView prefix)
        : mutex_(mutex), map_(std::move(map)), prefix_(prefix), at_(map_->end())
    {
    }
    /// Under the lock: a writer that counts the map's users must also see that this one has finished reading.
    ~MemoryIterator() override
    {
        const std::scoped_lock lock(mutex_);
        map_.reset();
    }

    void seek(ByteView key) override { at_ = map_->lower_bound(std::max(key, ByteView(prefix_))); }
    void seekForPrev(ByteView key) override
    {
        at_ = map_->upper_bound(key);
        at_ = at_ == map_->begin() ? map_->end() : std::prev(at_);
    }
    void next() override { ++at_; }
    [[nodiscard]] bool valid() const override { return at_ != map_->end() && at_->first.starts_with(prefix_); }
    [[nodiscard]] ByteView key() const override { return at_->first; }
    [[nodiscard]] ByteView value() const override { return at_->second; }
    [[nodiscard]] Result<void> status() const override { return {}; }

private:
    std::mutex& mutex_;
    std::shared_ptr<const Map> map_;
    Bytes prefix_;
    Map::const_iterator at_;
};

Error deadDisk()
{
    return Error::make(StorageError::Stopped, "The memory twin's machine is dead.");
}

} // namespace

Result<std::optional<Bytes>> MemoryKv::get(ByteView key) const
{
    const std::scoped_lock lock(mutex_);
    const auto found = durable_->find(key);
    return found == durable_->end() ? std::optional<Bytes>{} : std::optional<Bytes>(found->second);
}

std::unique_ptr<server::KvIterator> MemoryKv::iterate(ByteView prefix) const
{
    const std::scoped_lock lock(mutex_);
    return std::make_unique<MemoryIterator>(mutex_, durable_, prefix);
}

Result<void> MemoryKv::write(const KvBatch& batch)
{
    stage(batch);
    return sync();
}

void MemoryKv::stage(KvBatch batch)
{
    const std::scoped_lock lock(mutex_);
    staged_.push_back(std::move(batch));
}

Result<void> MemoryKv::sync()
{
    const std::scoped_lock lock(mutex_);
    if (dead_)
        return deadDisk();
    if (nextFailure_) {
        staged_.clear();
        return std::move(*std::exchange(nextFailure_, {}));
    }
    std::size_t number = 0;
    for (const KvBatch& batch : staged_) {
        for (const auto& step : steps(batch)) {
            if (beforeStep && !beforeStep(number++)) {
                dead_ = true;
                staged_.clear();
                return deadDisk();
            }
            apply(step);
        }
    }
    staged_.clear();
    return {};
}

void MemoryKv::crash(Unsynced unsynced)
{
    const std::scoped_lock lock(mutex_);
    if (unsynced == Unsynced::Kept && !dead_) {
        for (const KvBatch& batch : staged_) {
            for (const auto& step : steps(batch))
                apply(step);
        }
    }
    staged_.clear();
    dead_ = true;
}

bool MemoryKv::isDead() const
{
    const std::scoped_lock lock(mutex_);
    return dead_;
}

void MemoryKv::revive()
{
    const std::scoped_lock lock(mutex_);
    dead_ = false;
}

void MemoryKv::failNextSync(Error error)
{
    const std::scoped_lock lock(mutex_);
    nextFailure_ = std::move(error);
}

std::size_t MemoryKv::size() const
{
    const std::scoped_lock lock(mutex_);
    return durable_->size();
}

void MemoryKv::damage(ByteView key, Bytes value)
{
    const KvOp op{Bytes(key), std::move(value)};
    const std::scoped_lock lock(mutex_);
    apply({&op});
}

std::vector<Bytes> MemoryKv::allKeys() const
{
    const std::scoped_lock lock(mutex_);
    std::vector<Bytes> keys;
    for (const auto& [key, value] : *durable_)
        keys.push_back(key);
    return keys;
}

void MemoryKv::apply(const std::vector<const KvOp*>& step)
{
    if (durable_.use_count() > 1)
        durable_ = std::make_shared<Map>(*durable_);
    for (const KvOp* op : step) {
        if (op->value)
            durable_->insert_or_assign(op->key, *op->value);
        else
            durable_->erase(op->key);
    }
}

std::vector<std::vector<const KvOp*>> MemoryKv::steps(const KvBatch& batch) const
{
    if (buckets_ == Buckets::Together) {
        std::vector<const KvOp*> all;
        for (const auto* part : {&batch.before, &batch.main}) {
            for (const KvOp& op : *part)
                all.push_back(&op);
        }
        return {std::move(all)};
    }
    std::vector<std::vector<const KvOp*>> steps;
    for (const auto* part : {&batch.before, &batch.main}) {
        std::map<std::uint16_t, std::vector<const KvOp*>> byBucket;
        for (const KvOp& op : *part)
            byBucket[readBigEndian16(op.key)].push_back(&op);
        for (auto& [bucket, ops] : byBucket)
            steps.push_back(std::move(ops));
    }
    return steps;
}

} // namespace kith::test
