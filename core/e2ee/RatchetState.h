#pragma once
/// The state of one Double Ratchet (Perrin and Marlinspike, rev 1 2016-11-20) as a value: nothing here changes by
/// itself, DoubleRatchet returns the next state. Invariants, checked by decode() and kept by DoubleRatchet:
///   I1  at most maxReceiveChains chains, newest last;
///   I2  at most maxStoredSkipped keys over all chains, each below its chain's `next`;
///   I3  no ratchet key stands for two chains.
/// Thread: plain value, owned by a RatchetSession.

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"

#include <optional>
#include <vector>

namespace kith
{

using RootKey = FixedSecret<struct RootKeyTag, 32>;
using ChainKey = FixedSecret<struct ChainKeyTag, 32>;
using MessageKey = FixedSecret<struct MessageKeyTag, 32>; ///< HMAC output of one chain step; opens one message.

constexpr std::size_t maxReceiveChains = 5;
constexpr std::size_t maxStoredSkipped = 2000;     ///< Of one session.
constexpr std::uint32_t maxSkipPerChain = 1000;    ///< A peer may skip this many without a reason.
constexpr std::uint32_t maxForwardJump = 25'000;   ///< Even where the log proves that a range was trimmed.
constexpr std::chrono::hours skippedKept{30 * 24}; ///< Skipped keys and superseded chains are dropped after this.

struct SkippedKey {
    std::uint32_t number = 0;
    WallTime since;
    MessageKey key;
};

/// Messages under one ratchet key of the peer.
struct ReceiveChain {
    X25519PublicKey ratchetKey;
    ChainKey key;
    std::uint32_t next = 0;              ///< Number of the next message in order.
    std::optional<std::uint32_t> length; ///< Known once the peer has moved on: messages in this chain.
    WallTime lastUsed;
    std::vector<SkippedKey> skipped; ///< Rising numbers.

    [[nodiscard]] ReceiveChain clone() const;
};

struct RatchetState {
    RootKey root;
    X25519KeyPair ratchet;           ///< Own current pair.
    std::optional<ChainKey> sendKey; ///< Absent: nothing can be sent before something was received.
    std::uint32_t sendNext = 0;
    std::uint32_t previousLength = 0;    ///< Messages in the previous sending chain.
    std::vector<ReceiveChain> receiving; ///< Newest last.

    [[nodiscard]] RatchetState clone() const;
    [[nodiscard]] std::size_t storedSkipped() const;
};

/// Restores the limits after a step: skipped keys and superseded chains beyond their time, number or need go, the
/// oldest first.
void pruneRatchet(RatchetState& state, WallTime now);

/// Appends to `out`; about 150 octets and 50 for each chain, 44 for each skipped key.
void encodeRatchet(class OctetWriter& out, const RatchetState& state);
/// Nullopt, leaving `in` failed, unless every invariant holds.
[[nodiscard]] std::optional<RatchetState> decodeRatchet(class OctetReader& in);

} // namespace kith
