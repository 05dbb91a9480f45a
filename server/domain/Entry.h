#pragma once
/// One row of a log as the server keeps it, and what a new one is made of. Bodies and envelopes are opaque. Plain
/// values.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <vector>

namespace kith::server
{

/// Numbers are the wire's (EntryKind of entry.proto) and the disk's: never change them. Unknown ones are stored as they
/// are.
enum class EntryKind : std::uint8_t { Application = 1, Commit = 2, System = 3, Tombstone = 4, Resend = 5 };

struct Envelope {
    DeviceId device;
    Bytes sealed; ///< At most wire::maxEnvelope octets.
};

/// What a device (or the server itself, with null sender ids) asks to be appended.
struct NewEntry {
    EntryKind kind = EntryKind::Application;
    UserId senderUser;
    DeviceId senderDevice;
    ClientMsgId clientMsgId;
    SendNo sendNo; ///< 0 only for the server's own entries, which are not deduplicated.
    Bytes body;
    std::vector<Envelope> envelopes;
    Bytes commitment;
    Bytes frankingTag;       ///< Reserved for reports.
    std::uint64_t epoch = 0; ///< Reserved for MLS.
    std::uint32_t expiryClass = 0;
    std::vector<Bytes> blobIds; ///< Reserved for media claims.
    std::uint64_t homeTerm = 0; ///< Reserved for multi-region.
    bool wake = false;
};

/// A stored entry. In a tombstone, and below the floor, body and envelopes are empty; numbers, hashes and author stay.
struct Entry : NewEntry {
    LogId log;
    Generation generation;
    Seq seq;
    EntryId id;
    WallTime time;  ///< max(acceptance, time of the log's previous row).
    Bytes bodyHash; ///< SHA-256 of the body as accepted.
    Bytes chain;    ///< core/crypto/LogChain.h's value at this entry (P4).
};

/// What the sender is told; repeating the send returns the same (P2).
struct Accepted {
    Generation generation;
    Seq seq;
    EntryId id;
    WallTime time;
    Bytes chain;                  ///< Empty in an answer from the dedupe window after the row was trimmed.
    bool acceptedEarlier = false; ///< Below the dedupe window: the numbers are unknown and null.
    bool repeated = false;        ///< The first result, returned again.
};

/// Where a log stands. Heads are durable ones: what is not yet on stable storage does not exist for a reader.
struct LogHead {
    LogId log;
    Generation generation;
    Seq head;
    Bytes chain;      ///< At head.
    WallTime time;    ///< Of the newest row.
    Seq floor;        ///< Bodies with a lower seq are trimmed; 1 where nothing is.
    Bytes floorChain; ///< Chain at floor - 1.
};

} // namespace kith::server
