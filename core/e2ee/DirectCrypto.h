#pragma once
/// ConversationCrypto for direct conversations and for messages to own devices: one ratchet session per pair of
/// devices, one envelope per device. Owned by the account's session; holds references that must outlive it. Thread:
/// engine.

#include "core/e2ee/ConversationCrypto.h"
#include "core/e2ee/ports/PreKeyStore.h"
#include "core/e2ee/ports/SessionStore.h"

namespace kith
{

class DirectCrypto final : public ConversationCrypto
{
public:
    /// Reads the stores, never writes them.
    DirectCrypto(OwnDevice own, const SessionStore& sessions, const PreKeyStore& preKeys, Random& random)
        : own_(std::move(own)), sessions_(sessions), preKeys_(preKeys), random_(random)
    {
    }

    [[nodiscard]] Result<Sealed> seal(const SealRequest& request) override;
    [[nodiscard]] Result<SealedMore> sealForMore(const SealMoreRequest& request) override;
    [[nodiscard]] Result<OpenResult> open(const OpenRequest& request) override;
    [[nodiscard]] Result<DevicesChange> devicesChanged(const UserId& user, const std::vector<DeviceIdentity>& devices,
                                                       WallTime now) override;
    [[nodiscard]] Result<StateChange> resendWanted(const DeviceAddress& device, WallTime now) override;

    [[nodiscard]] const OwnDevice& own() const { return own_; }

private:
    /// The stored set, or an empty one where there is none or it belongs to an earlier incarnation of the device.
    [[nodiscard]] Result<SessionSet> sessionsWith(const DeviceIdentity& peer) const;
    [[nodiscard]] Result<SealedMore> sealSecret(ByteView secret, const std::vector<DeviceIdentity>& devices,
                                                const std::vector<PreKeyBundle>& bundles, WallTime now) const;

    OwnDevice own_;
    const SessionStore& sessions_;
    const PreKeyStore& preKeys_;
    Random& random_;
};

} // namespace kith
