#pragma once
/// What a sender says about its copy of the log inside each sealed message (P4, mechanisms.md section 1), and the
/// receiver's comparison. A difference is shown ("your copy and Ana's differ from #n"); it never blocks. Thread: any.

#include "core/base/StrongId.h"
#include "core/crypto/Keys.h"

#include <optional>

namespace kith
{

/// The last entry up to which the sender held everything, and the chain value there. Seq 0: nothing yet, chain zero.
struct ChainClaim {
    Generation generation;
    Seq seq;
    Sha256Digest chain;
    friend bool operator==(const ChainClaim&, const ChainClaim&) = default;
};

enum class ChainVerdict {
    Equal,     ///< Both hold the same entries up to there.
    Unknown,   ///< We hold nothing to compare with: before our start, or not fetched yet.
    Different, ///< The server showed us and the sender different logs.
};

/// `own` is the chain value that this device has at exactly claim.generation and claim.seq, where it has one. An entry
/// cannot have seen itself: a claim at or beyond the carrying entry's own number (same generation) is a difference.
[[nodiscard]] ChainVerdict compareChain(const ChainClaim& claim, Generation entryGeneration, Seq entrySeq,
                                        const std::optional<Sha256Digest>& own);

} // namespace kith
