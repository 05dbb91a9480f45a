#pragma once
/// A Session on this machine's own clock, randomness, event loop, network and disk: what programs with an event loop
/// open. Owned by the composition root. Thread: the engine thread, whose Qt event loop drives it.

#include "core/base/KeyVault.h"
#include "core/session/Session.h"
#include "core/store/ReaderStore.h"

#include <optional>

namespace kith
{

class ChangeFeed;

struct LocalProfile {
    std::string directory;
    /// Wraps the database key in `directory`/keys; the copy here is wiped. Without it `keychain` holds the key.
    std::optional<std::string> passphrase;
    KeyVault* keychain = nullptr; ///< Needed without passphrase; outlives the session.
    bool create = false;          ///< Make the profile where there is none.
};

class LocalSession
{
public:
    /// Runs the cryptographic self-test first: a broken library opens nothing. Errors of vault, store and session.
    [[nodiscard]] static Result<std::unique_ptr<LocalSession>> open(LocalProfile profile, SessionEvents events);
    ~LocalSession();

    [[nodiscard]] Session& session();
    /// Why nothing can be written where the profile lies, if so; it can be read then, and start() answers with this.
    [[nodiscard]] std::optional<Error> readOnly() const;
    /// What the session writes, read beside it; it may be handed to another thread and must go before the session.
    [[nodiscard]] Result<std::unique_ptr<ReaderStore>> openReader() const;
    [[nodiscard]] ChangeFeed& changes();

private:
    struct Parts;
    explicit LocalSession(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

} // namespace kith
