#pragma once
/// KeyVault for machines without a keychain: keys in files, each wrapped by XChaCha20-Poly1305 under a key that
/// Argon2id derives from a passphrase. Copying the folder copies the keys, so a passphrase is all that protects them.
/// Owned by the composition root. Thread: one; the first call takes a second by design.
///
/// <folder>/<name>.key: "KITHKEY1" | Argon2id parameters 25 | nonce 24 | sealed key 48 | first 8 octets of SHA-256 of
/// all that stands before. The checksum tells a damaged file from a wrong passphrase; the seal binds parameters and
/// name.

#include "core/base/KeyVault.h"
#include "core/base/Random.h"
#include "core/crypto/PasswordHash.h"

#include <optional>
#include <string>

namespace kith
{

class PassphraseVault final : public KeyVault
{
public:
    /// `forNew`: what keys saved into an empty folder are wrapped with; later ones follow what is there, so that one
    /// derivation serves all of them. `folder` exists. `random` outlives the vault.
    PassphraseVault(std::string folder, SecretBytes passphrase, PasswordHashParameters forNew, Random& random);

    /// WrongSecret: the file is whole and the passphrase does not open it. Damaged: the file is not whole.
    [[nodiscard]] Result<Bytes> load(const std::string& name) override;
    /// Replaces atomically and synced. A name is 1 to 64 of a-z, 0-9, dot, dash and underscore.
    [[nodiscard]] Result<void> save(const std::string& name, ByteView key) override;
    [[nodiscard]] Result<void> remove(const std::string& name) override;

private:
    [[nodiscard]] Result<std::string> pathOf(const std::string& name) const;
    /// The wrapping key for these parameters; derived once.
    [[nodiscard]] Result<const AeadKey*> keyFor(const PasswordHashParameters& parameters);

    std::string folder_;
    SecretBytes passphrase_;
    PasswordHashParameters forNew_;
    Random& random_;
    Bytes derivedFor_; ///< Parameters, encoded.
    AeadKey derived_;
};

} // namespace kith
