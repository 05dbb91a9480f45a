#pragma once
/// The memory twin of core/e2ee/ports/IdentityStore.h: the reference that the conformance suite holds every
/// implementation to. Owned by tests. Thread: one.

#include "core/e2ee/ports/IdentityStore.h"

#include <map>

namespace kith::test
{

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
