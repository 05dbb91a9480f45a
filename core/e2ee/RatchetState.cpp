#include "core/e2ee/RatchetState.h"

#include "core/e2ee/OctetCodec.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace kith
{
namespace
{

constexpr std::size_t skippedSize = 4 + 8 + MessageKey::size;
constexpr std::size_t chainSize = X25519PublicKey::size + ChainKey::size + 4 + 1 + 8 + 2;

void encodeChain(OctetWriter& out, const ReceiveChain& chain)
{
    out.raw(chain.ratchetKey.view()).raw(chain.key.exposeSecret()).u32(chain.next);
    out.flag(chain.length.has_value());
    if (chain.length)
        out.u32(*chain.length);
    out.time(chain.lastUsed);
    out.u16(static_cast<std::uint16_t>(chain.skipped.size()));
    for (const SkippedKey& skipped : chain.skipped) {
        out.u32(skipped.number).time(skipped.since);
        out.raw(skipped.key.exposeSecret());
    }
}

ReceiveChain decodeChain(OctetReader& in)
{
    ReceiveChain chain;
    chain.ratchetKey = in.octets<X25519PublicKey>();
    chain.key = in.secret<ChainKey>();
    chain.next = in.u32();
    if (in.flag())
        chain.length = in.u32();
    chain.lastUsed = in.time();
    const std::size_t count = in.count16(maxStoredSkipped, skippedSize);
    chain.skipped.reserve(count);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        SkippedKey skipped;
        skipped.number = in.u32();
        skipped.since = in.time();
        skipped.key = in.secret<MessageKey>();
        const bool rising = chain.skipped.empty() || chain.skipped.back().number < skipped.number;
        if (!rising || skipped.number >= chain.next)
            in.fail();
        chain.skipped.push_back(std::move(skipped));
    }
    return chain;
}

} // namespace

ReceiveChain ReceiveChain::clone() const
{
    ReceiveChain copy{ratchetKey, key.clone(), next, length, lastUsed, {}};
    copy.skipped.reserve(skipped.size());
    for (const SkippedKey& key_ : skipped)
        copy.skipped.push_back({key_.number, key_.since, key_.key.clone()});
    return copy;
}

RatchetState RatchetState::clone() const
{
    RatchetState copy;
    copy.root = root.clone();
    copy.ratchet = ratchet.clone();
    if (sendKey)
        copy.sendKey = sendKey->clone();
    copy.sendNext = sendNext;
    copy.previousLength = previousLength;
    copy.receiving.reserve(receiving.size());
    for (const ReceiveChain& chain : receiving)
        copy.receiving.push_back(chain.clone());
    return copy;
}

std::size_t RatchetState::storedSkipped() const
{
    return std::accumulate(receiving.begin(), receiving.end(), std::size_t{0},
                           [](std::size_t sum, const ReceiveChain& chain) { return sum + chain.skipped.size(); });
}

void pruneRatchet(RatchetState& state, WallTime now)
{
    auto& chains = state.receiving;
    for (ReceiveChain& chain : chains) {
        std::erase_if(chain.skipped, [&](const SkippedKey& key) { return now - key.since > skippedKept; });
        if (chain.length && chain.next >= *chain.length)
            chain.key.clear(); // complete; the entry stays for a while so that replays are recognised as such
    }
    const auto tooOld = [&](const ReceiveChain& chain) {
        return &chain != &chains.back() && now - chain.lastUsed > skippedKept;
    };
    chains.erase(std::remove_if(chains.begin(), chains.end(), tooOld), chains.end());
    if (chains.size() > maxReceiveChains)
        chains.erase(chains.begin(), chains.end() - maxReceiveChains);
    for (std::size_t stored = state.storedSkipped(); stored > maxStoredSkipped;) {
        const auto oldest = std::find_if(chains.begin(), chains.end(),
                                         [](const ReceiveChain& chain) { return !chain.skipped.empty(); });
        const std::size_t drop = std::min(stored - maxStoredSkipped, oldest->skipped.size());
        oldest->skipped.erase(oldest->skipped.begin(), oldest->skipped.begin() + static_cast<std::ptrdiff_t>(drop));
        stored -= drop;
    }
}

void encodeRatchet(OctetWriter& out, const RatchetState& state)
{
    out.raw(state.root.exposeSecret());
    // The public half too: computing it at every load would cost more than opening a message.
    out.raw(state.ratchet.publicKey.view()).raw(state.ratchet.secretKey.exposeSecret());
    out.flag(state.sendKey.has_value());
    if (state.sendKey)
        out.raw(state.sendKey->exposeSecret());
    out.u32(state.sendNext).u32(state.previousLength);
    out.u16(static_cast<std::uint16_t>(state.receiving.size()));
    for (const ReceiveChain& chain : state.receiving)
        encodeChain(out, chain);
}

std::optional<RatchetState> decodeRatchet(OctetReader& in)
{
    RatchetState state;
    state.root = in.secret<RootKey>();
    state.ratchet.publicKey = in.octets<X25519PublicKey>();
    state.ratchet.secretKey = in.secret<X25519SecretKey>();
    if (in.flag())
        state.sendKey = in.secret<ChainKey>();
    state.sendNext = in.u32();
    state.previousLength = in.u32();
    const std::size_t count = in.count16(maxReceiveChains, chainSize);
    std::set<X25519PublicKey> keys;
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        state.receiving.push_back(decodeChain(in));
        if (!keys.insert(state.receiving.back().ratchetKey).second)
            in.fail();
    }
    if (state.storedSkipped() > maxStoredSkipped)
        in.fail();
    if (!in.ok())
        return std::nullopt;
    return state;
}

} // namespace kith
