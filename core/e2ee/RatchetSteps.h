#pragma once
/// The steps inside DoubleRatchet, each on the copy of the state that a message is tried on. A Profile is described in
/// DoubleRatchet.h. Pure; thread: any.

#include "core/crypto/KeyAgreement.h"
#include "core/e2ee/E2eeError.h"
#include "core/e2ee/RatchetState.h"

#include <algorithm>

namespace kith
{

struct RatchetHeader {
    X25519PublicKey ratchetKey;
    std::uint32_t number = 0;
    std::uint32_t previousLength = 0;
};

/// How far a message may run ahead. `provenMissing` = messages of this peer that the log proves trimmed: their keys are
/// stepped over, never stored, since nothing can arrive for them.
struct SkipAllowance {
    std::uint32_t provenMissing = 0;
    [[nodiscard]] std::uint32_t limit() const
    {
        return std::min(maxForwardJump, maxSkipPerChain + std::min(provenMissing, maxForwardJump));
    }
};

template <class Profile> struct RatchetSteps {
    static auto findChain(RatchetState& state, const X25519PublicKey& key)
    {
        return std::find_if(state.receiving.begin(), state.receiving.end(),
                            [&](const ReceiveChain& chain) { return chain.ratchetKey == key; });
    }

    /// The peer's ratchet moved: the first half of a DH step, a new receive chain.
    static Result<void> turn(RatchetState& state, const X25519PublicKey& theirs, std::uint32_t previousLength,
                             WallTime now)
    {
        KITH_TRY(const SharedSecret shared, agree(state.ratchet.secretKey, theirs));
        auto [root, chainKey] = Profile::rootStep(state.root, shared);
        state.root = std::move(root);
        if (Profile::closesChains && !state.receiving.empty())
            state.receiving.back().length = previousLength;
        ReceiveChain chain{theirs, std::move(chainKey), 0, std::nullopt, now, {}};
        state.receiving.push_back(std::move(chain));
        return {};
    }

    /// The second half, only after the message proved authentic: a new own pair and sending chain.
    static Result<void> answer(RatchetState& state, Random& random)
    {
        state.previousLength = Profile::previousLength(state.sendNext);
        state.ratchet = generateX25519(random);
        KITH_TRY(const SharedSecret shared, agree(state.ratchet.secretKey, state.receiving.back().ratchetKey));
        auto [root, sendKey] = Profile::rootStep(state.root, shared);
        state.root = std::move(root);
        state.sendKey = std::move(sendKey);
        state.sendNext = 0;
        return {};
    }

    static Result<MessageKey> takeKey(ReceiveChain& chain, std::uint32_t number, SkipAllowance allowance, WallTime now)
    {
        chain.lastUsed = now;
        if (number < chain.next) {
            const auto found = std::find_if(chain.skipped.begin(), chain.skipped.end(),
                                            [&](const SkippedKey& skipped) { return skipped.number == number; });
            if (found == chain.skipped.end())
                return Error::make(E2eeError::KeyGone, "this message was opened before, or is too old");
            MessageKey key = std::move(found->key);
            chain.skipped.erase(found);
            return key;
        }
        const std::uint32_t gap = number - chain.next;
        if (gap > allowance.limit() || (chain.length && number >= *chain.length))
            return Error::make(E2eeError::TooFarAhead, "the message skips more than a peer may");
        const std::uint32_t storeFrom = number - std::min(gap, maxSkipPerChain);
        for (;;) {
            auto [messageKey, nextKey] = Profile::chainStep(chain.key);
            chain.key = std::move(nextKey);
            const std::uint32_t reached = chain.next++;
            if (reached == number)
                return std::move(messageKey);
            if (reached >= storeFrom)
                chain.skipped.push_back({reached, now, std::move(messageKey)});
        }
    }
};

} // namespace kith
