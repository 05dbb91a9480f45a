#pragma once
/// SessionStore on the client's database. Owned by ClientStore. Thread: the engine thread.

#include "core/e2ee/ports/SessionStore.h"
#include "core/store/StoreContext.h"

namespace kith
{

class SqlSessionStore final : public SessionStore
{
public:
    explicit SqlSessionStore(StoreContext& context) : context_(context) {}

    [[nodiscard]] Result<std::optional<SecretBytes>> loadSessions(const DeviceAddress& device) const override;
    [[nodiscard]] Result<void> saveSessions(const DeviceAddress& device, ByteView encoded) override;
    [[nodiscard]] Result<void> removeSessions(const DeviceAddress& device) override;
    [[nodiscard]] Result<std::vector<DeviceAddress>> devicesWithSessions(const UserId& user) const override;

private:
    StoreContext& context_;
};

} // namespace kith
