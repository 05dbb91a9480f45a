#pragma once
/// Deduplication for ever at constant cost (P2, mechanisms.md section 1): per (log, device) the highest accepted
/// send_no and where the last 64 went. Owned by LogEngine, on the writer's thread.

#include "server/storage/engine/LruCache.h"
#include "server/storage/engine/StorageReader.h"
#include "server/storage/engine/WriteSet.h"

#include <array>

namespace kith::server
{

class SendWindows
{
public:
    /// `budget`: octets of cached windows.
    SendWindows(WriteSet& out, const StorageReader& reader, std::size_t budget)
        : out_(out), reader_(reader), budget_(budget)
    {
    }

    struct Place {
        enum class Kind { Next, Gap, Repeated, Earlier } kind = Kind::Next;
        Seq seq; ///< Of Repeated: where the first one went.
    };
    /// What `number` (not 0) is for this device now.
    [[nodiscard]] Result<Place> place(LogId log, DeviceId device, SendNo number);
    [[nodiscard]] Result<SendNo> next(LogId log, DeviceId device);
    /// Remembers an acceptance. Precondition: place() said Next.
    void accept(LogId log, DeviceId device, SendNo number, Seq seq);
    /// The group is committed: the cache goes back into its budget.
    void settled() { windows_.shrink(budget_); }

private:
    struct Window {
        SendNo highest;
        std::array<SentResult, 64> sent;
    };
    [[nodiscard]] Result<Window*> window(LogId log, DeviceId device);

    WriteSet& out_;
    const StorageReader& reader_;
    const std::size_t budget_;
    LruCache<Bytes, Window> windows_; ///< By log | device.
};

} // namespace kith::server
