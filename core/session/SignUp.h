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

    /// The system offers a keychain; otherwise the database key is wrapped by a passphrase. It may take its time.
    [[nodiscard]] virtual QFuture<bool> hasKeychain() = 0;
    /// An earlier try made the profile: its key is kept as was chosen then, and only the account is missing.
    [[nodiscard]] virtual bool keyKept() const = 0;
    /// Makes keys, profile and account; goes on where an earlier try stopped. Without a passphrase the keychain keeps
    /// the database key. Errors of vault, store and registration; Unreachable when the server does not answer in time.
    [[nodiscard]] virtual QFuture<Result<void>> createAccount(RegistrationRequest request,
                                                              std::optional<std::string> passphrase) = 0;
};

} // namespace kith
