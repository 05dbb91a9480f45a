#include "core/e2ee/ChainClaim.h"

namespace kith
{

ChainVerdict compareChain(const ChainClaim& claim, Generation entryGeneration, Seq entrySeq,
                          const std::optional<Sha256Digest>& own)
{
    if (claim.generation == entryGeneration && claim.seq >= entrySeq)
        return ChainVerdict::Different;
    if (!own)
        return ChainVerdict::Unknown;
    return claim.chain == *own ? ChainVerdict::Equal : ChainVerdict::Different;
}

} // namespace kith
