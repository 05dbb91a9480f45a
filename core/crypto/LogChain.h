#pragma once
/// The hash chain of a log (P4, docs/protocol/e2ee.md): what makes a server that drops, reorders or forks visible. The
/// server computes it when it appends, every device when it stores. Thread: pure, any.

#include "core/base/StrongId.h"
#include "core/crypto/Keys.h"

namespace kith
{

/// What identifies an entry for ever, so that a tombstone or a trim changes nothing: no envelopes, no time, no body.
struct ChainedRow {
    LogId log;
    Generation generation;
    Seq seq;
    DeviceId sender;         ///< Null: the server.
    std::uint8_t kind = 0;   ///< EntryKind's number; its tombstone keeps the kind that was appended.
    ClientMsgId clientMsgId; ///< Null in system entries.
    Sha256Digest bodyHash;
    Bytes commitment; ///< 32 octets, or empty where the entry has none.
};

/// SHA-256 of "kith row v1" | 0x00 | log 16 | generation 8 | seq 8 | sender 16 | kind 1 | client_msg_id 16 | H(body) 32
/// | length of commitment 2 | commitment. Numbers are big-endian.
[[nodiscard]] Sha256Digest rowHash(const ChainedRow& row);

/// chain_n = SHA-256("kith chain v1" | 0x00 | chain_{n-1} 32 | row_hash_n 32).
[[nodiscard]] Sha256Digest nextChain(const Sha256Digest& previous, const Sha256Digest& row);

/// chain_0 of every log: 32 zero octets.
[[nodiscard]] inline Sha256Digest chainStart()
{
    return {};
}

} // namespace kith
