#include "core/crypto/PasswordHash.h"

#include "core/crypto/CryptoError.h"
#include "core/crypto/Sodium.h"

namespace kith
{
namespace
{

constexpr char version = 1;
constexpr std::size_t encodedSize = 1 + 4 + 4 + PasswordSalt::size;
constexpr std::uint32_t maxPasses = 16;
constexpr std::uint32_t minMemoryKiB = 8;
constexpr std::uint32_t maxMemoryKiB = 1U << 20;

bool withinBounds(const PasswordHashParameters& p)
{
    return p.passes >= 1 && p.passes <= maxPasses && p.memoryKiB >= minMemoryKiB && p.memoryKiB <= maxMemoryKiB;
}

PasswordHashParameters fresh(std::uint32_t memoryKiB, Random& random)
{
    PasswordHashParameters parameters;
    parameters.memoryKiB = memoryKiB;
    random.fill(parameters.salt.data(), PasswordSalt::size);
    return parameters;
}

} // namespace

PasswordHashParameters PasswordHashParameters::desktop(Random& random)
{
    return fresh(256U << 10, random);
}

PasswordHashParameters PasswordHashParameters::mobile(Random& random)
{
    return fresh(64U << 10, random);
}

Bytes PasswordHashParameters::encode() const
{
    Bytes out(1, version);
    appendBigEndian32(out, passes);
    appendBigEndian32(out, memoryKiB);
    out.append(salt.view());
    return out;
}

Result<PasswordHashParameters> PasswordHashParameters::decode(ByteView bytes)
{
    if (bytes.size() != encodedSize || bytes[0] != version)
        return Error::make(CryptoError::BadParameters, "unknown form of password-hash parameters");
    PasswordHashParameters out;
    out.passes = readBigEndian32(bytes.substr(1));
    out.memoryKiB = readBigEndian32(bytes.substr(5));
    out.salt = *PasswordSalt::fromBytes(bytes.substr(9));
    if (!withinBounds(out))
        return Error::make(CryptoError::BadParameters, "password-hash cost out of bounds");
    return out;
}

Result<PassphraseKey> hashPassphrase(const SecretBytes& passphrase, const PasswordHashParameters& parameters)
{
    if (!withinBounds(parameters))
        return Error::make(CryptoError::BadParameters, "password-hash cost out of bounds");
    const ByteView secret = passphrase.exposeSecret();
    PassphraseKey key;
    const int failed = crypto_pwhash(octets(key.data()), PassphraseKey::size, secret.empty() ? "" : secret.data(),
                                     secret.size(), octets(parameters.salt.view()), parameters.passes,
                                     std::size_t{parameters.memoryKiB} << 10, crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0)
        return Error::make(CryptoError::OutOfMemory, "not enough memory to check the passphrase");
    return key;
}

} // namespace kith
