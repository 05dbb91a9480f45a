#pragma once
/// One profile and the thread its session lives on: looks for it, opens it, makes its account, and hands over the
/// Account that a window uses from then on. All of disk, network and cryptography happens on the engine thread, whose
/// event loop it owns. Owned by the composition root. Thread: the window's; only the destructor waits, for the session
/// to close in good order and for its thread.

#include "core/base/KeyVault.h"
#include "core/session/Account.h"
#include "core/session/SignUp.h"

#include <memory>

namespace kith
{

class LocalEngine final : public SignUp
{
public:
    struct Options {
        std::string directory;
        KeyVault& keychain; ///< Used on the engine thread alone; outlives the engine.
        Millis registrationPatience{20'000};
    };
    enum class Found {
        Nothing,
        Passphrase, ///< A profile whose key is wrapped by one.
        Keychain,   ///< A profile whose key is nowhere in its directory.
    };
    enum class Opened {
        SignedIn,       ///< account() is there and connects.
        WithoutAccount, ///< What a sign-up that was broken off left; createAccount() goes on with it.
    };

    explicit LocalEngine(Options options);
    ~LocalEngine() override;
    LocalEngine(const LocalEngine&) = delete;
    LocalEngine& operator=(const LocalEngine&) = delete;

    /// By the names of the files alone.
    [[nodiscard]] Found find() const;
    /// Errors of vault, store and session. After an error it may be called again, not while it runs.
    [[nodiscard]] QFuture<Result<Opened>> open(std::optional<std::string> passphrase);

    [[nodiscard]] QFuture<bool> hasKeychain() override;
    [[nodiscard]] bool keyKept() const override;
    [[nodiscard]] QFuture<Result<void>> createAccount(RegistrationRequest request,
                                                      std::optional<std::string> passphrase) override;

    /// Null before open() or createAccount() have succeeded. Whatever uses it is destroyed before the engine.
    [[nodiscard]] Account* account();

private:
    struct Arrived;
    struct Room;
    struct Parts;

    /// The session has an account: what a window needs of it.
    void signedIn(Arrived& arrived);

    std::unique_ptr<Parts> parts_;
};

} // namespace kith
