#pragma once
/// The port beneath the log engine: an ordered key-value store that takes one synced batch at a time. Keys sort as
/// unsigned octets. Implementations: RocksKv (embedded), MemoryKv (tests). Thread: reads from any; write() from one at
/// a time.

#include "core/base/Result.h"
#include "server/storage/StorageTypes.h"

#include <memory>
#include <optional>
#include <vector>

namespace kith::server
{

struct KvOp {
    Bytes key;
    std::optional<Bytes> value; ///< Nullopt: delete.
};

/// What becomes durable together. A store that cannot do that over buckets (a key's first two octets name its bucket)
/// commits `before` first, then `main`, each bucket by bucket; one bucket's share of `main` is always atomic.
struct KvBatch {
    std::vector<KvOp> before; ///< Activity marks: an entry without one is forbidden, one without an entry is harmless.
    std::vector<KvOp> main;
    [[nodiscard]] bool empty() const { return before.empty() && main.empty(); }
};

/// Sees the state that was committed when it was made. Views are valid until the next move. Thread: one.
class KvIterator
{
public:
    virtual ~KvIterator() = default;
    /// To the first key >= `key` within the prefix.
    virtual void seek(ByteView key) = 0;
    /// To the last key <= `key` within the prefix.
    virtual void seekForPrev(ByteView key) = 0;
    /// Precondition: valid().
    virtual void next() = 0;
    [[nodiscard]] virtual bool valid() const = 0;
    [[nodiscard]] virtual ByteView key() const = 0;
    [[nodiscard]] virtual ByteView value() const = 0;
    /// Why it is not valid; ok at the end of the range. StorageError::Damaged.
    [[nodiscard]] virtual Result<void> status() const = 0;
};

class Kv
{
public:
    virtual ~Kv() = default;

    /// StorageError::Damaged.
    [[nodiscard]] virtual Result<std::optional<Bytes>> get(ByteView key) const = 0;
    /// Over the keys that start with `prefix`; not positioned yet.
    [[nodiscard]] virtual std::unique_ptr<KvIterator> iterate(ByteView prefix) const = 0;
    /// Returns after the batch is on stable storage; only then do readers see it. StorageError::Full or Stopped:
    /// nothing of it is visible, and the caller never writes again.
    [[nodiscard]] virtual Result<void> write(const KvBatch& batch) = 0;
};

} // namespace kith::server
