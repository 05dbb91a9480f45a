#include "core/store/SqlSessionStore.h"

namespace kith
{
namespace
{

constexpr std::size_t maxSessions = 512U << 10;

} // namespace

Result<std::optional<SecretBytes>> SqlSessionStore::loadSessions(const DeviceAddress& device) const
{
    KITH_TRY(auto row, context_.database.query("SELECT state FROM session WHERE user_id = ? AND device_id = ?",
                                               device.user, device.device));
    KITH_TRY(const bool found, row.step());
    return found ? std::optional(SecretBytes::copyOf(row.blobView(0))) : std::optional<SecretBytes>{};
}

Result<void> SqlSessionStore::saveSessions(const DeviceAddress& device, ByteView encoded)
{
    if (encoded.size() > maxSessions)
        return Error::make(StoreError::Invalid, "the sessions of one device are larger than 512 KiB");
    return context_.database.run("INSERT INTO session (user_id, device_id, state) VALUES (?, ?, ?) "
                                 "ON CONFLICT (user_id, device_id) DO UPDATE SET state = excluded.state",
                                 device.user, device.device, encoded);
}

Result<void> SqlSessionStore::removeSessions(const DeviceAddress& device)
{
    return context_.database.run("DELETE FROM session WHERE user_id = ? AND device_id = ?", device.user, device.device);
}

Result<std::vector<DeviceAddress>> SqlSessionStore::devicesWithSessions(const UserId& user) const
{
    KITH_TRY(auto row,
             context_.database.query("SELECT device_id FROM session WHERE user_id = ? ORDER BY device_id", user));
    std::vector<DeviceAddress> found;
    while (true) {
        KITH_TRY(const bool more, row.step());
        if (!more)
            return found;
        found.push_back({user, row.id<DeviceId>(0)});
    }
}

} // namespace kith
