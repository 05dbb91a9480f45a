#pragma once
/// A person as this account knows them. Names that people wrote are UTF-8, checked where they enter. Thread: plain
/// values.

#include "core/base/Bytes.h"
#include "core/base/StrongId.h"

#include <cstdint>
#include <string>

namespace kith
{

/// How far the pinned identity key is trusted.
enum class TrustState : std::uint8_t {
    Unknown,  ///< No key is pinned yet.
    FirstUse, ///< Pinned when first seen.
    ByLink,   ///< "Verified by link": an invite carried the fingerprint.
    Verified, ///< A person compared the safety number.
    Changed,  ///< The server shows another key than the pinned one; a person looks at it.
};

struct Contact {
    UserId user;
    std::string handle;
    std::string displayName; ///< What they call themselves; from inside their messages.
    std::string nickname;    ///< What this account calls them.
    Bytes identityKey;       ///< Ed25519, 32 octets: the pinned one; empty: none.
    Bytes offeredKey;        ///< Changed: the key that the server shows now; else empty.
    TrustState trust = TrustState::Unknown;
    bool blocked = false;

    /// Nickname, else display name, else handle.
    [[nodiscard]] const std::string& shownName() const
    {
        return !nickname.empty() ? nickname : !displayName.empty() ? displayName : handle;
    }
};

} // namespace kith
