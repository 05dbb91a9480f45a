#pragma once
/// The memory twin of core/e2ee/ports/PreKeyStore.h: the reference that the conformance suite holds every
/// implementation to. Owned by tests. Thread: one.

#include "core/e2ee/ports/PreKeyStore.h"

#include <algorithm>
#include <map>
#include <set>

namespace kith::test
{

class MemoryPreKeyStore final : public PreKeyStore
{
public:
    Result<PreKeyInventory> inventory() const override
    {
        PreKeyInventory out;
        for (const auto& [id, pair] : signed_)
            out.signedPreKeys.push_back({id, pair.created});
        out.highestSigned = highestSigned_;
        out.highestOneTime = highestOneTime_;
        return out;
    }
    Result<std::optional<PreKeyPair>> signedPreKey(PreKeyId id) const override { return lookUp(signed_, id); }
    Result<void> saveSignedPreKey(const PreKeyPair& pair) override
    {
        highestSigned_ = std::max(highestSigned_, pair.id);
        signed_.insert_or_assign(pair.id, copyOf(pair));
        return {};
    }
    Result<void> removeSignedPreKey(PreKeyId id) override
    {
        signed_.erase(id);
        std::erase_if(seen_, [&](const auto& seen) { return seen.first == id; });
        return {};
    }
    Result<std::optional<PreKeyPair>> oneTimePreKey(PreKeyId id) const override { return lookUp(oneTime_, id); }
    Result<void> saveOneTimePreKey(const PreKeyPair& pair) override
    {
        highestOneTime_ = std::max(highestOneTime_, pair.id);
        oneTime_.insert_or_assign(pair.id, copyOf(pair));
        while (oneTime_.size() > oneTimePreKeySecretsKept)
            oneTime_.erase(oneTime_.begin());
        return {};
    }
    Result<void> removeOneTimePreKey(PreKeyId id) override
    {
        oneTime_.erase(id);
        return {};
    }
    Result<bool> baseKeySeen(PreKeyId signedPreKey, const X25519PublicKey& baseKey) const override
    {
        return seen_.contains({signedPreKey, baseKey});
    }
    Result<void> addSeenBaseKey(PreKeyId signedPreKey, const X25519PublicKey& baseKey) override
    {
        seen_.insert({signedPreKey, baseKey});
        return {};
    }

private:
    using Keys = std::map<PreKeyId, PreKeyPair>;
    static PreKeyPair copyOf(const PreKeyPair& pair) { return {pair.id, pair.pair.clone(), pair.created}; }
    static std::optional<PreKeyPair> lookUp(const Keys& keys, PreKeyId id)
    {
        const auto found = keys.find(id);
        return found == keys.end() ? std::nullopt : std::optional(copyOf(found->second));
    }

    Keys signed_;
    Keys oneTime_;
    PreKeyId highestSigned_;
    PreKeyId highestOneTime_;
    std::set<std::pair<PreKeyId, X25519PublicKey>> seen_;
};

} // namespace kith::test
