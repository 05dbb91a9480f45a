#pragma once
/// KeyVault on the desktop's keychain (libsecret or KWallet through QtKeychain); never its insecure fallback of a plain
/// file. Owned by the composition root. Thread: one with a QCoreApplication; a call runs an event loop of its own until
/// the keychain answers or `patience` is over, for a keychain may ask the person to unlock it.

#include "core/base/Clock.h"
#include "core/base/KeyVault.h"

#include <string>

namespace kith
{

class KeychainVault final : public KeyVault
{
public:
    static constexpr Millis defaultPatience{60'000};

    /// `service`: what the keychain lists the keys under.
    explicit KeychainVault(std::string service, Millis patience = defaultPatience);

    /// Unavailable, in words: no keychain here, it is locked, the person refused, or it did not answer in time.
    [[nodiscard]] Result<Bytes> load(const std::string& name) override;
    [[nodiscard]] Result<void> save(const std::string& name, ByteView key) override;
    [[nodiscard]] Result<void> remove(const std::string& name) override;

private:
    std::string service_;
    Millis patience_;
};

} // namespace kith
