#pragma once
/// What the store keeps under each kind of key, and its octets (docs/protocol/storage-layout.md). Decoding is strict
/// and answers nullopt for what no encoder wrote. Thread: pure, any.

#include "core/crypto/Keys.h"
#include "server/storage/StorageTypes.h"

namespace kith::server
{

/// Log and seq stand in the key. A row without body (tombstone, trimmed) is written the same way.
[[nodiscard]] Bytes encodeRow(const Entry& entry);
[[nodiscard]] std::optional<Entry> decodeRow(LogId log, Seq seq, ByteView value);

/// What a log has beside its rows. Absent while nothing is trimmed and no commit was made.
struct LogRest {
    Seq floor{std::uint64_t{1}};
    Sha256Digest floorChain; ///< At floor - 1.
    std::uint64_t epoch = 0; ///< Commits so far.
};
[[nodiscard]] Bytes encodeLogRest(const LogRest& rest);
[[nodiscard]] std::optional<LogRest> decodeLogRest(ByteView value);

/// One place of a device's dedupe window: where that send went. The row has the rest.
struct SentResult {
    SendNo number;
    Seq seq;
};
[[nodiscard]] Bytes encodeSent(SentResult result);
[[nodiscard]] std::optional<SentResult> decodeSent(ByteView value);

struct CursorRow {
    Seq cursor;
    SendNo sendNo;
};
[[nodiscard]] Bytes encodeCursor(CursorRow row);
[[nodiscard]] std::optional<CursorRow> decodeCursor(ByteView value);

struct MarkRow {
    Seq delivered;
    Seq read;
    std::uint64_t revision = 0;
};
[[nodiscard]] Bytes encodeMark(MarkRow row);
[[nodiscard]] std::optional<MarkRow> decodeMark(ByteView value);

/// A record of the port's tables; views into `value`.
struct RecordRow {
    std::uint64_t version = 0;
    ByteView value;
};
[[nodiscard]] Bytes encodeRecord(RecordRow row);
[[nodiscard]] std::optional<RecordRow> decodeRecord(ByteView value);

/// "Stored bytes do not parse", with the key in the detail.
[[nodiscard]] Error damaged(ByteView key);

} // namespace kith::server
