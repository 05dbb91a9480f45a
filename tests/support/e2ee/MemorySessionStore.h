#pragma once
/// The memory twin of core/e2ee/ports/SessionStore.h: the reference that the conformance suite holds every
/// implementation to. Owned by tests. Thread: one.

#include "core/e2ee/ports/SessionStore.h"

#include <map>

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

} // namespace kith::test
