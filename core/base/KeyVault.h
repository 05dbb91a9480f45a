#pragma once
/// Where a profile's database key rests: the OS keychain or a passphrase-wrapped file. Implemented in platform/ and
/// core/store; a memory twin serves tests. Thread: the engine thread; calls may block on the OS.

#include "core/base/Bytes.h"
#include "core/base/Result.h"

namespace kith
{

enum class KeyVaultError {
    Unavailable, ///< No keychain here, or it is locked.
    NotFound,    ///< Nothing stored under that name.
    WrongSecret, ///< The passphrase does not open the key.
    Damaged,     ///< Stored bytes do not parse.
};

template <> struct ErrorTraits<KeyVaultError> {
    static constexpr std::string_view domain = "key_vault";
    static std::string_view name(KeyVaultError code);
    static Remedy remedy(KeyVaultError) { return Remedy::AskUser; }
};

class KeyVault
{
public:
    virtual ~KeyVault() = default;
    /// The 32-octet key stored under `name`. The caller moves it into SecretBytes at once and wipes this copy.
    [[nodiscard]] virtual Result<Bytes> load(const std::string& name) = 0;
    [[nodiscard]] virtual Result<void> save(const std::string& name, ByteView key) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::string& name) = 0;
};

} // namespace kith
