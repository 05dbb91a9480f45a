#pragma once
/// An entry as it came from the server, checked for form: the last place where a wire Entry is seen. Plain values;
/// engine thread.

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/crypto/LogChain.h"
#include "core/domain/LogPosition.h"
#include "core/protocol/wire/entry.pb.h"

namespace kith
{

struct LogRow {
    LogId log;
    LogPosition position;
    wire::EntryKind kind = wire::ENTRY_KIND_UNSPECIFIED; ///< Unknown ones are kept: they advance the cursor.
    wire::EntryKind chainedKind = wire::ENTRY_KIND_UNSPECIFIED;
    UserId sender;         ///< Null: the server.
    DeviceId senderDevice; ///< Null: the server.
    ClientMsgId clientMsgId;
    SendNo sendNo;
    WallTime serverTime;
    Bytes body;
    bool hasBody = true; ///< False in a tombstone and where the body was trimmed.
    Sha256Digest bodyHash;
    Bytes commitment;
    Bytes envelope; ///< Empty: none for this device.
    Sha256Digest chain;
};

/// Refuses ids, hashes and commitments of a wrong size, a body that is not what its hash says, and a log other than
/// `log`. Invalid is the server's fault: whoever reads the page drops the connection, nothing is stored.
[[nodiscard]] Result<LogRow> readRow(LogId log, const wire::Entry& entry);

/// What the chain value at this row must be (mechanisms.md section 1), given the one before it.
[[nodiscard]] Sha256Digest chainAfter(const Sha256Digest& previous, const LogRow& row);

} // namespace kith
