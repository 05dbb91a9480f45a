#pragma once
/// Argon2id (RFC 9106) for keys that a passphrase opens. Parameters are stored beside what the key protects, so they
/// can rise later. Thread: pure, any; takes a second by design, so never the GUI thread or the engine thread in a
/// hurry.

#include "core/base/Random.h"
#include "core/base/Result.h"
#include "core/crypto/Keys.h"
#include "core/crypto/SecretBytes.h"

namespace kith
{

using PasswordSalt = FixedOctets<struct PasswordSaltTag, 16>;
using PassphraseKey = FixedSecret<struct PassphraseKeyTag, 32>;

struct PasswordHashParameters {
    std::uint32_t passes = 3;
    std::uint32_t memoryKiB = 0;
    PasswordSalt salt;

    /// 256 MiB, for desktops.
    [[nodiscard]] static PasswordHashParameters desktop(Random& random);
    /// 64 MiB, for phones.
    [[nodiscard]] static PasswordHashParameters mobile(Random& random);

    /// Version 1 | passes (4) | memoryKiB (4) | salt (16), big-endian: 25 octets.
    [[nodiscard]] Bytes encode() const;
    /// BadParameters for other versions or lengths, and for costs outside 1-16 passes and 8 KiB-1 GiB: a planted file
    /// must neither weaken the key nor stop the machine.
    [[nodiscard]] static Result<PasswordHashParameters> decode(ByteView bytes);
};

/// OutOfMemory where the machine cannot give the memory; BadParameters outside the bounds above.
[[nodiscard]] Result<PassphraseKey> hashPassphrase(const SecretBytes& passphrase,
                                                   const PasswordHashParameters& parameters);

} // namespace kith
