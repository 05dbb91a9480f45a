#pragma once
/// What people and the rest of the core learn about the connection. Thread: plain values, any.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace kith::net
{

/// The states that people see.
enum class ConnectionState {
    Stopped,
    Connecting,
    CatchingUp,         ///< Authenticated; what was missed is being fetched.
    Online,             ///< Live, nothing missing.
    Offline,            ///< This machine has no network, or another program uses this device.
    Unreachable,        ///< There is a network, the server does not answer.
    CertificateProblem, ///< Whoever answers cannot prove to be the server. Nothing was sent.
    NewerProtocol,      ///< One side must be updated first.
    Revoked,            ///< The server no longer knows this device as one of the account's. Final.
    Restarting,         ///< The server said that it will be back.
};

/// "catching_up": the stable name that kith-cli prints.
[[nodiscard]] std::string_view stateName(ConnectionState state);

/// A fact: emitted on every change of any of its fields.
struct ConnectionFact {
    ConnectionState state = ConnectionState::Stopped;
    std::string words;               ///< One sentence why; empty where the state says it all.
    std::optional<MonoTime> retryAt; ///< The next try, where one is waited for.
    Bytes pinnedKey;                 ///< CertificateProblem by pin: the expected SHA-256, 32 octets; else empty.
    Bytes presentedKey;              ///< CertificateProblem: the one that the server showed.

    friend bool operator==(const ConnectionFact&, const ConnectionFact&) = default;
};

/// `words`, and of a CertificateProblem the fingerprints in hexadecimal: the key that was shown, and the pinned one
/// where there is one.
[[nodiscard]] std::string wordsWithKeys(const ConnectionFact& fact);

} // namespace kith::net
