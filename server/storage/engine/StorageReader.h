#pragma once
/// The reading half of the port over a Kv's committed state. Owned by EngineStorage. Thread: any; touches the disk.

#include "server/storage/engine/Kv.h"
#include "server/storage/engine/RowCodec.h"

namespace kith::server
{

/// The newest row of a log and what is kept beside its rows.
struct LogTail {
    Entry last;
    LogRest rest;
};

class StorageReader
{
public:
    explicit StorageReader(const Kv& kv) : kv_(kv) {}

    [[nodiscard]] Result<std::optional<Record>> get(const RecordKey& key) const;
    [[nodiscard]] Result<std::vector<Record>> scan(Bucket bucket, Table table, ByteView prefix, ByteView after,
                                                   std::size_t limit) const;
    [[nodiscard]] Result<LogHead> head(LogId log) const;
    [[nodiscard]] Result<Page> read(LogId log, Seq after, std::size_t maxEntries, std::size_t maxBytes) const;
    [[nodiscard]] Result<SendNo> nextSendNo(LogId log, DeviceId device) const;
    [[nodiscard]] Result<std::vector<LogId>> activity(UserId user, std::uint64_t hour, LogId after,
                                                      std::size_t limit) const;

    /// What the caches of the writer are filled from. Nullopt for a log without entries.
    [[nodiscard]] Result<std::optional<LogTail>> tail(LogId log) const;
    /// A device's dedupe window, in no order; at most 64.
    [[nodiscard]] Result<std::vector<SentResult>> window(LogId log, DeviceId device) const;
    [[nodiscard]] Result<std::vector<std::pair<UserId, MarkRow>>> marks(LogId log) const;
    [[nodiscard]] Result<std::optional<CursorRow>> cursor(LogId log, UserId user, DeviceId device) const;

private:
    const Kv& kv_;
};

} // namespace kith::server
