#pragma once
/// The server's own key and self-signed certificate: made on the first start, kept in the data directory. Trust rests
/// on the key (invite links carry its SHA-256), so the certificate is made anew when names or time ask for it, and the
/// key never is. The one place of the server that includes OpenSSL. Thread: pure but for the files; called at start.

#include "core/base/Bytes.h"
#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <QSslCertificate>
#include <QSslKey>

#include <string>
#include <vector>

namespace kith::server
{

enum class CertificateError {
    Unreadable, ///< A file is there and does not parse, or cannot be read or written.
    Library,    ///< OpenSSL refused; a bug or an exhausted machine.
};

struct ServerCertificate {
    QSslCertificate certificate;
    QSslKey key;
    Bytes keyFingerprint; ///< SHA-256 of the public key's SubjectPublicKeyInfo, 32 octets: what invite links pin.
    bool created = false; ///< The key was made now.
    bool renewed = false; ///< The certificate was made now for a key that existed.
};

/// Reads `server.key` and `server.crt` of `directory`, making what is missing: a P-256 key (0600) and a certificate for
/// `names` (host names and IP addresses), valid from a day before `now` for ten years. A certificate that lacks one of
/// the names, or ends within a year, is replaced; one with more names is kept.
[[nodiscard]] Result<ServerCertificate> loadOrCreateCertificate(const std::string& directory,
                                                                const std::vector<std::string>& names, WallTime now);

/// The pin of any certificate, as a client computes it.
[[nodiscard]] Bytes keyFingerprint(const QSslCertificate& certificate);

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::CertificateError> {
    static constexpr std::string_view domain = "certificate";
    static std::string_view name(server::CertificateError code);
    static Remedy remedy(server::CertificateError code);
};
} // namespace kith
