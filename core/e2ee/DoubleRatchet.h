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

#include "core/e2ee/RatchetSteps.h"

#include <limits>

namespace kith
{

template <class Profile> class DoubleRatchet
{
    using Steps = RatchetSteps<Profile>;

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
        auto chain = Steps::findChain(next, parsed.ratchetKey);
        const bool moved = chain == next.receiving.end();
        if (moved) {
            KITH_CHECK(Steps::turn(next, parsed.ratchetKey, parsed.previousLength, now));
            chain = std::prev(next.receiving.end());
        }
        KITH_TRY(const MessageKey key, Steps::takeKey(*chain, parsed.number, allowance, now));
        KITH_TRY(SecretBytes plaintext, Profile::open(key, parsed, associated));
        if (moved)
            KITH_CHECK(Steps::answer(next, random));
        pruneRatchet(next, now);
        return Opened{std::move(next), std::move(plaintext)};
    }
};

} // namespace kith
