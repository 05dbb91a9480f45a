#include "core/crypto/Aead.h"
#include "core/crypto/Hkdf.h"
#include "core/crypto/Hmac.h"
#include "core/crypto/KeyAgreement.h"
#include "core/crypto/Sign.h"
#include "tests/support/crypto/OpenSslReference.h"
#include "tests/support/vectors/VectorFolder.h"

#include <QTest>

#include <algorithm>

using namespace kith;
using namespace kith::test;

namespace
{

using Group = const QJsonObject&;
using Record = const QJsonObject&;

bool valid(Record record)
{
    return record.value(QStringLiteral("result")).toString() == QStringLiteral("valid");
}
bool invalid(Record record)
{
    return record.value(QStringLiteral("result")).toString() == QStringLiteral("invalid");
}
Bytes field(Record record, const char* name)
{
    return hexOf(record.value(QLatin1String(name)));
}

/// Both directions: what is valid seals to exactly these octets and opens; nothing invalid opens.
template <class Aead> bool checkAead(Group, Record record)
{
    const auto key = AeadKey::copyOf(field(record, "key"));
    const auto nonce = Aead::Nonce::fromBytes(field(record, "iv"));
    if (!key || !nonce)
        return invalid(record); // our types do not even take another size
    const Bytes sealed = field(record, "ct") + field(record, "tag");
    const Bytes associated = field(record, "aad");
    const auto opened = Aead::open(*key, *nonce, associated, sealed);
    if (!valid(record))
        return !opened;
    return opened && opened->exposeSecret() == field(record, "msg") &&
           Aead::seal(*key, *nonce, associated, field(record, "msg")) == sealed;
}

bool checkAesGcm(Group, Record record)
{
    const Bytes nonce = field(record, "iv");
    const auto opened =
        openAesGcm(field(record, "key"), nonce, field(record, "aad"), field(record, "ct"), field(record, "tag"));
    if (!valid(record) || nonce.size() > maxGcmNonce)
        return !opened;
    return opened == field(record, "msg") &&
           sealAesGcm(field(record, "key"), nonce, field(record, "aad"), field(record, "msg")) ==
               field(record, "ct") + field(record, "tag");
}

bool checkAesCbc(Group, Record record)
{
    const auto opened = decryptAesCbc(field(record, "key"), field(record, "iv"), field(record, "ct"));
    if (!valid(record))
        return !opened || *opened != field(record, "msg");
    return opened == field(record, "msg") &&
           encryptAesCbc(field(record, "key"), field(record, "iv"), field(record, "msg")) == field(record, "ct");
}

template <class Tag> bool checkTag(Group group, Record record, const Tag& full)
{
    const auto size = static_cast<std::size_t>(group.value(QStringLiteral("tagSize")).toInt()) / 8;
    const bool same = constantTimeEqual(full.substr(0, size), field(record, "tag"));
    return same == valid(record);
}

bool checkHmacSha256(Group group, Record record)
{
    return checkTag(group, record, hmacSha256(field(record, "key"), field(record, "msg")).bytes());
}

bool checkHmacSha512(Group group, Record record)
{
    return checkTag(group, record, test::hmacSha512(field(record, "key"), field(record, "msg")));
}

bool checkHkdfSha256(Group, Record record)
{
    const auto size = static_cast<std::size_t>(record.value(QStringLiteral("size")).toInt());
    const auto derived = hkdfSha256(field(record, "salt"), field(record, "ikm"), field(record, "info"), size);
    return valid(record) ? derived && derived->exposeSecret() == field(record, "okm") : !derived;
}

bool checkHkdfSha512(Group, Record record)
{
    const auto size = static_cast<std::size_t>(record.value(QStringLiteral("size")).toInt());
    const auto derived = test::hkdfSha512(field(record, "salt"), field(record, "ikm"), field(record, "info"), size);
    return valid(record) ? derived == field(record, "okm") : !derived;
}

bool checkEd25519(Group group, Record record)
{
    const auto key = Ed25519PublicKey::fromBytes(
        hexOf(group.value(QStringLiteral("publicKey")).toObject().value(QStringLiteral("pk"))));
    if (!key)
        return invalid(record);
    return verifyEd25519(*key, field(record, "msg"), field(record, "sig")) == valid(record);
}

/// Acceptable = unusual points: an all-zero secret is an error for us, everything else must give the listed secret.
bool checkX25519(Group, Record record)
{
    const auto secret = X25519SecretKey::copyOf(field(record, "private"));
    const auto point = X25519PublicKey::fromBytes(field(record, "public"));
    if (!secret || !point)
        return !valid(record);
    const auto shared = agree(*secret, *point);
    const Bytes expected = field(record, "shared");
    if (expected == Bytes(32, '\0'))
        return !shared;
    return !invalid(record) && shared && shared->exposeSecret() == expected;
}

bool checkEcdhP256(Group group, Record record)
{
    const bool point = group.value(QStringLiteral("encoding")).toString() == QStringLiteral("ecpoint");
    Bytes scalar = field(record, "private");
    const auto shared = ecdhP256(scalar, field(record, "public"), point ? PointForm::Sec1 : PointForm::Der);
    if (invalid(record))
        return !shared;
    // Acceptable (compressed points, unnamed curves): refused, or the listed secret.
    return shared ? *shared == field(record, "shared") : !valid(record);
}

struct Kind {
    const char* algorithm;
    const char* groupType;
    bool (*check)(Group, Record);
};

/// Every kind that is known; another in the folder fails the test. AES, P-256, HMAC-SHA512 and HKDF-SHA512 are not
/// wrapped by the product yet: they run on tests/support/crypto.
constexpr Kind kinds[] = {
    {"CHACHA20-POLY1305", "AeadTest", checkAead<ChaCha20Poly1305>},
    {"XCHACHA20-POLY1305", "AeadTest", checkAead<XChaCha20Poly1305>},
    {"AES-GCM", "AeadTest", checkAesGcm},
    {"AES-CBC-PKCS5", "IndCpaTest", checkAesCbc},
    {"HMACSHA256", "MacTest", checkHmacSha256},
    {"HMACSHA512", "MacTest", checkHmacSha512},
    {"HKDF-SHA-256", "HkdfTest", checkHkdfSha256},
    {"HKDF-SHA-512", "HkdfTest", checkHkdfSha512},
    {"EDDSA", "EddsaVerify", checkEd25519},
    {"XDH", "XdhComp", checkX25519},
    {"ECDH", "EcdhEcpointTest", checkEcdhP256},
    {"ECDH", "EcdhTest", checkEcdhP256},
};

const Kind* kindOf(const QString& algorithm, Group group)
{
    const QString curve = group.value(QStringLiteral("curve")).toString();
    for (const Kind& kind : kinds) {
        if (algorithm != QLatin1String(kind.algorithm) ||
            group.value(QStringLiteral("type")).toString() != QLatin1String(kind.groupType))
            continue;
        const bool otherCurve = (kind.check == checkX25519 && curve != QStringLiteral("curve25519")) ||
                                (kind.check == checkEcdhP256 && curve != QStringLiteral("secp256r1"));
        return otherCurve ? nullptr : &kind;
    }
    return nullptr;
}

} // namespace

class WycheproofVectorTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyRecord()
    {
        VectorFolder folder(QStringLiteral("wycheproof"));
        KITH_NEED_VECTORS(folder);
        for (const VectorFolder::File& file : folder.files()) {
            const QString algorithm = file.json.object().value(QStringLiteral("algorithm")).toString();
            QVERIFY2(std::any_of(std::begin(kinds), std::end(kinds),
                                 [&](const Kind& kind) { return algorithm == QLatin1String(kind.algorithm); }),
                     qPrintable(file.name + QStringLiteral(": unknown kind ") + algorithm));
            for (const QJsonValue& groupValue : file.json.object().value(QStringLiteral("testGroups")).toArray()) {
                const QJsonObject group = groupValue.toObject();
                const Kind* kind = kindOf(algorithm, group);
                QVERIFY2(kind != nullptr, qPrintable(file.name + QStringLiteral(": unknown kind ") + algorithm));
                for (const QJsonValue& value : group.value(QStringLiteral("tests")).toArray()) {
                    const QJsonObject record = value.toObject();
                    const QString where = QStringLiteral("%1 tcId %2: %3")
                                              .arg(file.name)
                                              .arg(record.value(QStringLiteral("tcId")).toInt())
                                              .arg(record.value(QStringLiteral("comment")).toString());
                    QVERIFY2(kind->check(group, record), qPrintable(where));
                    folder.countRecord();
                }
            }
        }
        folder.report();
        QVERIFY(folder.records() > 0);
    }
};

QTEST_APPLESS_MAIN(WycheproofVectorTest)
#include "WycheproofVectorTest.moc"
