#pragma once
/// How a window makes an account on this device. Called on the window's thread. Owned by the composition root.

#include "core/session/Session.h"

#include <QFuture>

#include <optional>
#include <string>

namespace kith
{

class SignUp
{
public:
    virtual ~SignUp() = default;

    /// The system offers a keychain; otherwise the database key is wrapped by a passphrase.
    [[nodiscard]] virtual bool hasKeychain() const = 0;
    /// Makes keys, profile and account. Without a passphrase the keychain keeps the database key.
    [[nodiscard]] virtual QFuture<Result<void>> createAccount(RegistrationRequest request,
                                                              std::optional<std::string> passphrase) = 0;
};

} // namespace kith
