#pragma once
/// Error codes of core/e2ee. Thread: plain values, any. To a peer all failures look alike (a resend request); these are
/// for our own decisions and logs.

#include "core/base/Error.h"

namespace kith
{

enum class E2eeError {
    Malformed,      ///< Bytes that do not parse: wrong length, trailing octets, a bound passed.
    UnknownVersion, ///< A format newer than this program.
    NotDecryptable, ///< No key of ours opens it.
    KeyGone,        ///< Its key was used or dropped before: a replay, or something older than 30 days.
    TooFarAhead,    ///< It would skip more messages than a peer may make us compute.
    SeenBefore,     ///< A pre-key message whose base key already opened a session that is gone.
    MissingPreKey,  ///< It names a pre-key that we no longer have.
    MissingSession, ///< No session with a device and no pre-key bundle to start one.
    BadBundle,      ///< A pre-key bundle that its device did not sign.
    BadCertificate, ///< A device certificate that the identity key did not sign, or that has expired.
    TooLarge,       ///< Content above the limit of one message.
    StateDamaged,   ///< Stored session or key state does not parse.
    Exhausted,      ///< A counter reached its end.
};

template <> struct ErrorTraits<E2eeError> {
    static constexpr std::string_view domain = "e2ee";
    static std::string_view name(E2eeError code);
    static Remedy remedy(E2eeError code);
};

} // namespace kith
