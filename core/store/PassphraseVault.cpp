#include "core/store/PassphraseVault.h"

#include "core/crypto/Aead.h"
#include "core/crypto/CryptoError.h"
#include "core/crypto/Hash.h"
#include "core/store/AtomicFile.h"
#include "core/store/sqlite/StoreError.h"

namespace kith
{
namespace
{

constexpr std::string_view magic = "KITHKEY1";
constexpr std::size_t keySize = 32;
constexpr std::size_t parametersSize = 25;
constexpr std::size_t nonceSize = AeadXNonce::size;
constexpr std::size_t sealedSize = keySize + XChaCha20Poly1305::overhead;
constexpr std::size_t checksumSize = 8;
constexpr std::size_t fileSize = 8 + parametersSize + nonceSize + sealedSize + checksumSize;

Error damaged(const std::string& name)
{
    return Error::make(KeyVaultError::Damaged, "the key file of " + name +
                                                   " is damaged; restore it from a backup of the profile or link this "
                                                   "device anew");
}

Error unavailable(const Error& cause)
{
    return Error::make(KeyVaultError::Unavailable, cause.detail);
}

Bytes checksumOf(ByteView bytes)
{
    return Bytes(sha256(bytes).view().substr(0, checksumSize));
}

Bytes boundTo(ByteView header, const std::string& name)
{
    return Bytes(header) + name;
}

} // namespace

PassphraseVault::PassphraseVault(std::string folder, SecretBytes passphrase, PasswordHashParameters forNew,
                                 Random& random)
    : folder_(std::move(folder)), passphrase_(std::move(passphrase)), forNew_(forNew), random_(random)
{
}

Result<std::string> PassphraseVault::pathOf(const std::string& name) const
{
    const bool allowed = !name.empty() && name.size() <= 64 && name.front() != '.' &&
                         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
    if (!allowed)
        return Error::make(KeyVaultError::NotFound, "no key can have that name");
    return folder_ + "/" + name + ".key";
}

Result<const AeadKey*> PassphraseVault::keyFor(const PasswordHashParameters& parameters)
{
    if (Bytes encoded = parameters.encode(); derivedFor_ != encoded) {
        auto hashed = hashPassphrase(passphrase_, parameters);
        if (!hashed.ok())
            return unavailable(hashed.error());
        derived_ = std::move(*AeadKey::copyOf(hashed.value().exposeSecret()));
        derivedFor_ = std::move(encoded);
    }
    return &derived_;
}

Result<Bytes> PassphraseVault::load(const std::string& name)
{
    KITH_TRY(const std::string path, pathOf(name));
    auto read = readFile(path, fileSize);
    if (!read.ok())
        return read.error().is(StoreError::Damaged) ? damaged(name) : unavailable(read.error());
    if (!read.value())
        return Error::make(KeyVaultError::NotFound, "there is no key file of " + name);
    const ByteView file = *read.value();
    if (file.size() != fileSize || file.substr(0, magic.size()) != magic ||
        file.substr(fileSize - checksumSize) != checksumOf(file.substr(0, fileSize - checksumSize)))
        return damaged(name);
    const ByteView header = file.substr(0, magic.size() + parametersSize);
    const auto parameters = PasswordHashParameters::decode(header.substr(magic.size()));
    if (!parameters.ok())
        return damaged(name);
    KITH_TRY(const AeadKey* key, keyFor(parameters.value()));
    const auto nonce = AeadXNonce::fromBytes(file.substr(header.size(), nonceSize));
    auto opened = XChaCha20Poly1305::open(*key, *nonce, boundTo(header, name),
                                          file.substr(header.size() + nonceSize, sealedSize));
    if (!opened.ok())
        return Error::make(KeyVaultError::WrongSecret,
                           "this passphrase does not open the profile; nothing was changed");
    forNew_ = parameters.value();
    return opened.value().copyToUnprotectedBytes();
}

Result<void> PassphraseVault::save(const std::string& name, ByteView key)
{
    KITH_TRY(const std::string path, pathOf(name));
    if (key.size() != keySize)
        return Error::make(KeyVaultError::Damaged, "a key has 32 octets");
    KITH_TRY(const AeadKey* wrapping, keyFor(forNew_));
    const Bytes header = Bytes(magic) + forNew_.encode();
    const auto nonce = AeadXNonce::fromBytes(random_.bytes(nonceSize));
    Bytes file = header + nonce->bytes() + XChaCha20Poly1305::seal(*wrapping, *nonce, boundTo(header, name), key);
    file += checksumOf(file);
    if (auto written = replaceFile(path, file); !written.ok())
        return unavailable(written.error());
    return {};
}

Result<void> PassphraseVault::remove(const std::string& name)
{
    KITH_TRY(const std::string path, pathOf(name));
    if (auto removed = removeFile(path); !removed.ok())
        return unavailable(removed.error());
    return {};
}

} // namespace kith
