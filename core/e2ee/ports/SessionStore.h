#pragma once
/// Where session state rests between messages; demanded by core/e2ee, implemented by core/store (and a memory twin in
/// tests/support). Opaque secret octets: a store never looks inside. Thread: the engine thread, inside its transaction.

#include "core/base/Result.h"
#include "core/crypto/SecretBytes.h"
#include "core/e2ee/ports/DeviceAddress.h"

#include <optional>
#include <vector>

namespace kith
{

/// Reads see what was written earlier in the same transaction. Suite: tests/conformance/e2ee/SessionStoreSuite.h.
class SessionStore
{
public:
    virtual ~SessionStore() = default;
    /// The encoded SessionSet of a device, or nothing.
    [[nodiscard]] virtual Result<std::optional<SecretBytes>> loadSessions(const DeviceAddress& device) const = 0;
    /// Replaces; at most 512 KiB.
    [[nodiscard]] virtual Result<void> saveSessions(const DeviceAddress& device, ByteView encoded) = 0;
    /// No error when there are none.
    [[nodiscard]] virtual Result<void> removeSessions(const DeviceAddress& device) = 0;
    /// Every device of `user` that has sessions, sorted.
    [[nodiscard]] virtual Result<std::vector<DeviceAddress>> devicesWithSessions(const UserId& user) const = 0;
};

} // namespace kith
