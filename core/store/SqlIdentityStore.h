#pragma once
/// IdentityStore on the client's database. Owned by ClientStore. Thread: the engine thread.

#include "core/e2ee/ports/IdentityStore.h"
#include "core/store/StoreContext.h"

namespace kith
{

class SqlIdentityStore final : public IdentityStore
{
public:
    explicit SqlIdentityStore(StoreContext& context) : context_(context) {}

    [[nodiscard]] Result<std::optional<SecretBytes>> loadOwnDevice() const override;
    [[nodiscard]] Result<void> saveOwnDevice(ByteView encoded) override;
    [[nodiscard]] Result<std::optional<SecretBytes>> loadIdentitySecret() const override;
    [[nodiscard]] Result<void> saveIdentitySecret(ByteView secret) override;
    [[nodiscard]] Result<std::optional<KnownIdentity>> identity(const UserId& user) const override;
    /// Settles an offered key that equals the one saved.
    [[nodiscard]] Result<void> saveIdentity(const UserId& user, const KnownIdentity& identity) override;

private:
    StoreContext& context_;
};

} // namespace kith
