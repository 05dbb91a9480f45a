#pragma once
/// Memory twins of core/e2ee/ports; the reference that the conformance suites hold every implementation to. Owned by
/// tests. Thread: one.

#include "core/e2ee/ports/IdentityStore.h"
#include "core/e2ee/ports/PreKeyStore.h"
#include "core/e2ee/ports/SessionStore.h"

#include <map>
#include <set>

namespace kith::test
{

class MemorySessionStore final : public SessionStore
{
public:
    Result<std::optional<SecretBytes>> loadSessions(const DeviceAddress& device) const override
    {
        const auto found = sets_.find(device);
        if (found == sets_.end())
            return std::optional<SecretBytes>();
        return std::optional(found->second.clone());
    }
    Result<void> saveSessions(const DeviceAddress& device, ByteView encoded) override
    {
        sets_[device] = SecretBytes::copyOf(encoded);
        return {};
    }
    Result<void> removeSessions(const DeviceAddress& device) override
    {
        sets_.erase(device);
        return {};
    }
    Result<std::vector<DeviceAddress>> devicesWithSessions(const UserId& user) const override
    {
        std::vector<DeviceAddress> out;
        for (const auto& [address, set] : sets_) {
            if (address.user == user)
                out.push_back(address);
        }
        return out;
    }

    /// For tests that restore an earlier state.
    [[nodiscard]] MemorySessionStore clone() const
    {
        MemorySessionStore copy;
        for (const auto& [address, set] : sets_)
            copy.sets_.emplace(address, set.clone());
        return copy;
    }

private:
    std::map<DeviceAddress, SecretBytes> sets_;
};

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

class MemoryIdentityStore final : public IdentityStore
{
public:
    Result<std::optional<SecretBytes>> loadOwnDevice() const override { return copyOf(own_); }
    Result<void> saveOwnDevice(ByteView encoded) override
    {
        own_ = SecretBytes::copyOf(encoded);
        return {};
    }
    Result<std::optional<SecretBytes>> loadIdentitySecret() const override { return copyOf(secret_); }
    Result<void> saveIdentitySecret(ByteView secret) override
    {
        secret_ = SecretBytes::copyOf(secret);
        return {};
    }
    Result<std::optional<KnownIdentity>> identity(const UserId& user) const override
    {
        const auto found = known_.find(user);
        return found == known_.end() ? std::nullopt : std::optional(found->second);
    }
    Result<void> saveIdentity(const UserId& user, const KnownIdentity& identity) override
    {
        known_[user] = identity;
        return {};
    }

private:
    static std::optional<SecretBytes> copyOf(const std::optional<SecretBytes>& secret)
    {
        return secret ? std::optional(secret->clone()) : std::nullopt;
    }

    std::optional<SecretBytes> own_;
    std::optional<SecretBytes> secret_;
    std::map<UserId, KnownIdentity> known_;
};

} // namespace kith::test
