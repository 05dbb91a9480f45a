#pragma once
/// PreKeyStore on the client's database. Owned by ClientStore. Thread: the engine thread.

#include "core/e2ee/ports/PreKeyStore.h"
#include "core/store/StoreContext.h"

namespace kith
{

class SqlPreKeyStore final : public PreKeyStore
{
public:
    explicit SqlPreKeyStore(StoreContext& context) : context_(context) {}

    [[nodiscard]] Result<PreKeyInventory> inventory() const override;
    [[nodiscard]] Result<std::optional<PreKeyPair>> signedPreKey(PreKeyId id) const override;
    [[nodiscard]] Result<void> saveSignedPreKey(const PreKeyPair& pair) override;
    [[nodiscard]] Result<void> removeSignedPreKey(PreKeyId id) override;
    [[nodiscard]] Result<std::optional<PreKeyPair>> oneTimePreKey(PreKeyId id) const override;
    [[nodiscard]] Result<void> saveOneTimePreKey(const PreKeyPair& pair) override;
    [[nodiscard]] Result<void> removeOneTimePreKey(PreKeyId id) override;
    [[nodiscard]] Result<bool> baseKeySeen(PreKeyId signedPreKey, const X25519PublicKey& baseKey) const override;
    [[nodiscard]] Result<void> addSeenBaseKey(PreKeyId signedPreKey, const X25519PublicKey& baseKey) override;

private:
    StoreContext& context_;
};

} // namespace kith
