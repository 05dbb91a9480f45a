#pragma once
/// The Double Ratchet's state machine (rev 1, sections 3 and 5) over a profile. A profile fixes everything that another
/// protocol does differently (labels, KDF layout, AEAD, header and message codec) and nothing else, so that published
/// peers and vectors test exactly the code that the product runs. Differences from section 3, both as Signal deploys
/// it: old receive chains keep their chain key instead of deriving what is missing at each step (a wrong length in a
/// header then costs nothing), and the next sending chain is made on receipt. Pure; thread: any.
///
/// A Profile provides:
///   struct Parsed { X25519PublicKey ratchetKey; uint32_t number, previousLength; ...its own... };
///   static constexpr bool closesChains;   // previousLength counts messages, so an old chain's end is known
///   static std::pair<RootKey, ChainKey> rootStep(const RootKey&, const SharedSecret&);
///   static std::pair<MessageKey, ChainKey> chainStep(const ChainKey&);
///   static uint32_t previousLength(uint32_t sent);
///   static Bytes seal(MessageKey, const Header&, ByteView associated, ByteView plaintext);
///   static Result<Parsed> parse(ByteView message);
///   static Result<SecretBytes> open(const MessageKey&, const Parsed&, ByteView associated);

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

template <class Profile> class DoubleRatchet
{
public:
    struct Sealed {
        RatchetState next;
        Bytes message;
    };
    struct Opened {
        RatchetState next;
        SecretBytes plaintext;
    };

    /// The initiator: `peerKey` is the peer's signed pre-key. `peerChain` where the profile's handshake yields one.
    [[nodiscard]] static Result<RatchetState> initiate(const RootKey& root, std::optional<ChainKey> peerChain,
                                                       const X25519PublicKey& peerKey, WallTime now, Random& random)
    {
        RatchetState state;
        state.ratchet = generateX25519(random);
        KITH_TRY(const SharedSecret shared, agree(state.ratchet.secretKey, peerKey));
        auto [nextRoot, sendKey] = Profile::rootStep(root, shared);
        state.root = std::move(nextRoot);
        state.sendKey = std::move(sendKey);
        if (peerChain) {
            ReceiveChain chain{peerKey, std::move(*peerChain), 0, std::nullopt, now, {}};
            state.receiving.push_back(std::move(chain));
        }
        return state;
    }

    /// The responder, whose signed pre-key is its first ratchet pair.
    [[nodiscard]] static RatchetState respond(const RootKey& root, std::optional<ChainKey> ownChain,
                                              const X25519KeyPair& signedPreKey)
    {
        RatchetState state;
        state.root = root.clone();
        state.ratchet = signedPreKey.clone();
        state.sendKey = std::move(ownChain);
        return state;
    }

    /// MissingSession before anything was received by a responder; Exhausted at the end of the counter.
    [[nodiscard]] static Result<Sealed> encrypt(const RatchetState& state, ByteView associated, ByteView plaintext)
    {
        if (!state.sendKey)
            return Error::make(E2eeError::MissingSession, "nothing was received in this session yet");
        if (state.sendNext == std::numeric_limits<std::uint32_t>::max())
            return Error::make(E2eeError::Exhausted, "this chain is used up");
        Sealed out{state.clone(), {}};
        auto [messageKey, nextKey] = Profile::chainStep(*state.sendKey);
        const RatchetHeader header{state.ratchet.publicKey, state.sendNext, state.previousLength};
        out.message = Profile::seal(messageKey, header, associated, plaintext);
        out.next.sendKey = std::move(nextKey);
        ++out.next.sendNext;
        return out;
    }

    /// Works on a copy: whatever fails, `state` stays good. KeyGone for a replay, TooFarAhead beyond the allowance,
    /// NotDecryptable when the tag does not verify. `random` makes the next own pair when the peer's ratchet moved.
    [[nodiscard]] static Result<Opened> decrypt(const RatchetState& state, ByteView associated, ByteView message,
                                                SkipAllowance allowance, WallTime now, Random& random)
    {
        KITH_TRY(const auto parsed, Profile::parse(message));
        RatchetState next = state.clone();
        auto chain = findChain(next, parsed.ratchetKey);
        const bool moved = chain == next.receiving.end();
        if (moved) {
            KITH_CHECK(turn(next, parsed.ratchetKey, parsed.previousLength, now));
            chain = std::prev(next.receiving.end());
        }
        KITH_TRY(const MessageKey key, takeKey(*chain, parsed.number, allowance, now));
        KITH_TRY(SecretBytes plaintext, Profile::open(key, parsed, associated));
        if (moved)
            KITH_CHECK(answer(next, random));
        pruneRatchet(next, now);
        return Opened{std::move(next), std::move(plaintext)};
    }

private:
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
