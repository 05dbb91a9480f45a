#include "server/gateway/ServerCertificate.h"

#include "core/crypto/Hash.h"

#include <QHostAddress>

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kith::server
{
namespace
{

template <auto Free> struct Deleter {
    template <class T> void operator()(T* object) const { Free(object); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertPtr = std::unique_ptr<X509, Deleter<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

constexpr std::int64_t day = 24 * 60 * 60;
constexpr std::int64_t lifetime = 3650 * day;
constexpr std::int64_t renewBefore = 365 * day;
constexpr std::size_t maxFile = 64U << 10;

Error failed(CertificateError code, std::string what)
{
    return Error::make(code, std::move(what));
}

/// Nullopt where there is no such file.
Result<std::optional<Bytes>> readFile(const std::string& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT)
            return std::optional<Bytes>{};
        return failed(CertificateError::Unreadable, path + " cannot be read: " + std::strerror(errno));
    }
    Bytes bytes(maxFile, '\0');
    const ssize_t size = ::read(fd, bytes.data(), bytes.size());
    ::close(fd);
    if (size < 0)
        return failed(CertificateError::Unreadable, path + " cannot be read: " + std::strerror(errno));
    bytes.resize(static_cast<std::size_t>(size));
    return std::optional<Bytes>(std::move(bytes));
}

/// Whole or not at all, also when the power goes: written beside, synced, renamed, the folder synced.
Result<void> writeFile(const std::string& directory, const std::string& path, ByteView bytes, mode_t mode)
{
    const std::string beside = path + ".new";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    const bool written = fd >= 0 && ::fchmod(fd, mode) == 0 &&
                         ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                         ::fsync(fd) == 0;
    const int reason = errno;
    if (fd >= 0)
        ::close(fd);
    if (!written || ::rename(beside.c_str(), path.c_str()) != 0)
        return failed(CertificateError::Unreadable, path + " cannot be written: " + std::strerror(reason));
    const int folder = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

Bytes pemOf(EVP_PKEY* key)
{
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Bytes pemOf(X509* certificate)
{
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1)
        return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Bytes publicKeyInfo(EVP_PKEY* key)
{
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    if (size <= 0)
        return {};
    Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

bool isAddress(const std::string& name)
{
    return !QHostAddress(QString::fromStdString(name)).isNull();
}

bool covers(X509* certificate, const std::vector<std::string>& names)
{
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return isAddress(name) ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                               : X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
    });
}

Result<CertPtr> makeCertificate(EVP_PKEY* key, const std::vector<std::string>& names, WallTime now)
{
    CertPtr certificate(X509_new());
    X509* x = certificate.get();
    const auto seconds = static_cast<time_t>(toMillis(now) / 1000);
    // Different for each certificate of this key, and nothing secret.
    const auto digest = sha256({publicKeyInfo(key), std::to_string(toMillis(now))});
    const auto* serial = reinterpret_cast<const unsigned char*>(digest.view().data());
    const std::unique_ptr<BIGNUM, Deleter<BN_free>> number(BN_bin2bn(serial, 15, nullptr));
    X509_NAME* name = x != nullptr ? X509_get_subject_name(x) : nullptr;
    bool ok = x != nullptr && number && X509_set_version(x, 2) == 1 &&
              BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)) != nullptr &&
              X509_time_adj_ex(X509_getm_notBefore(x), 0, -day, const_cast<time_t*>(&seconds)) != nullptr &&
              X509_time_adj_ex(X509_getm_notAfter(x), 0, static_cast<long>(lifetime), const_cast<time_t*>(&seconds)) !=
                  nullptr &&
              X509_set_pubkey(x, key) == 1 &&
              X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("kithd"), -1,
                                         -1, 0) == 1 &&
              X509_set_issuer_name(x, name) == 1;
    std::string alternatives;
    for (const std::string& alternative : names)
        alternatives.append(alternatives.empty() ? "" : ",").append(isAddress(alternative) ? "IP:" : "DNS:") +=
            alternative;
    const std::pair<int, std::string> extensions[] = {{NID_basic_constraints, "critical,CA:FALSE"},
                                                      {NID_key_usage, "critical,digitalSignature"},
                                                      {NID_ext_key_usage, "serverAuth"},
                                                      {NID_subject_alt_name, alternatives}};
    for (const auto& [nid, value] : extensions) {
        const std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>> extension(
            ok ? X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()) : nullptr);
        ok = ok && extension && X509_add_ext(x, extension.get(), -1) == 1;
    }
    if (!ok || X509_sign(x, key, EVP_sha256()) == 0)
        return failed(CertificateError::Library, "the certificate for " + alternatives + " could not be made");
    return certificate;
}

Result<KeyPtr> loadKey(const std::string& directory, const std::string& path, bool& created)
{
    KITH_TRY(auto stored, readFile(path));
    if (stored) {
        const BioPtr bio(BIO_new_mem_buf(stored->data(), static_cast<int>(stored->size())));
        KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
        OPENSSL_cleanse(stored->data(), stored->size());
        if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC)
            return failed(CertificateError::Unreadable,
                          path + " holds no P-256 key; put the right one back: invite links and every client pin it");
        return key;
    }
    KeyPtr key(EVP_EC_gen("P-256"));
    Bytes pem = key ? pemOf(key.get()) : Bytes{};
    if (pem.empty())
        return failed(CertificateError::Library, "the server's key could not be made");
    auto written = writeFile(directory, path, pem, 0600);
    OPENSSL_cleanse(pem.data(), pem.size());
    KITH_CHECK(std::move(written));
    created = true;
    return key;
}

/// Null where the stored certificate is missing, of another key, too old or lacks a name.
CertPtr loadCertificate(const Bytes& pem, EVP_PKEY* key, const std::vector<std::string>& names, WallTime now)
{
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    CertPtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate || X509_check_private_key(certificate.get(), key) != 1 || !covers(certificate.get(), names))
        return nullptr;
    time_t soon = static_cast<time_t>(toMillis(now) / 1000 + renewBefore);
    return X509_cmp_time(X509_get0_notAfter(certificate.get()), &soon) > 0 ? std::move(certificate) : nullptr;
}

} // namespace

Result<ServerCertificate> loadOrCreateCertificate(const std::string& directory, const std::vector<std::string>& names,
                                                  WallTime now)
{
    const std::string certificatePath = directory + "/server.crt";
    ServerCertificate out;
    KITH_TRY(auto key, loadKey(directory, directory + "/server.key", out.created));
    KITH_TRY(auto stored, readFile(certificatePath));
    CertPtr certificate = stored ? loadCertificate(*stored, key.get(), names, now) : nullptr;
    if (!certificate) {
        KITH_TRY(auto made, makeCertificate(key.get(), names, now));
        certificate = std::move(made);
        KITH_CHECK(writeFile(directory, certificatePath, pemOf(certificate.get()), 0644));
        out.renewed = !out.created;
    }
    Bytes pem = pemOf(key.get());
    out.key = QSslKey(QByteArray::fromRawData(pem.data(), static_cast<qsizetype>(pem.size())), QSsl::Ec);
    OPENSSL_cleanse(pem.data(), pem.size());
    out.certificate = QSslCertificate(QByteArray::fromStdString(pemOf(certificate.get())));
    if (out.key.isNull() || out.certificate.isNull())
        return failed(CertificateError::Library, "Qt cannot use the server's key; is its OpenSSL plugin installed?");
    out.keyFingerprint = sha256(publicKeyInfo(key.get())).bytes();
    return out;
}

Bytes keyFingerprint(const QSslCertificate& certificate)
{
    return sha256(certificate.publicKey().toDer().toStdString()).bytes();
}

} // namespace kith::server

namespace kith
{

std::string_view ErrorTraits<server::CertificateError>::name(server::CertificateError code)
{
    switch (code) {
    case server::CertificateError::Unreadable:
        return "unreadable";
    case server::CertificateError::Library:
        return "library";
    }
    return "library";
}

Remedy ErrorTraits<server::CertificateError>::remedy(server::CertificateError)
{
    return Remedy::AskUser;
}

} // namespace kith
