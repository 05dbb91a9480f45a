#include "tests/support/crypto/OpenSslReference.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include <memory>

namespace kith::test
{
namespace
{

template <auto Free> struct Releaser {
    template <class T> void operator()(T* held) const { Free(held); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Releaser<EVP_CIPHER_CTX_free>>;
using Group = std::unique_ptr<EC_GROUP, Releaser<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Releaser<EC_POINT_free>>;
using Number = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;

const unsigned char* octets(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(Bytes& bytes)
{
    return reinterpret_cast<unsigned char*>(bytes.data());
}
int sizeOf(ByteView bytes)
{
    return static_cast<int>(bytes.size());
}

const EVP_CIPHER* gcm(std::size_t keySize)
{
    return keySize == 16   ? EVP_aes_128_gcm()
           : keySize == 24 ? EVP_aes_192_gcm()
           : keySize == 32 ? EVP_aes_256_gcm()
                           : nullptr;
}

const EVP_CIPHER* cbc(std::size_t keySize)
{
    return keySize == 16   ? EVP_aes_128_cbc()
           : keySize == 24 ? EVP_aes_192_cbc()
           : keySize == 32 ? EVP_aes_256_cbc()
                           : nullptr;
}

Cipher startGcm(ByteView key, ByteView nonce, ByteView associated, bool encrypt)
{
    Cipher context(EVP_CIPHER_CTX_new());
    int written = 0;
    const bool started =
        gcm(key.size()) != nullptr && !nonce.empty() && nonce.size() <= maxGcmNonce &&
        EVP_CipherInit_ex(context.get(), gcm(key.size()), nullptr, nullptr, nullptr, encrypt ? 1 : 0) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, sizeOf(nonce), nullptr) == 1 &&
        EVP_CipherInit_ex(context.get(), nullptr, nullptr, octets(key), octets(nonce), encrypt ? 1 : 0) == 1 &&
        EVP_CipherUpdate(context.get(), nullptr, &written, octets(associated), sizeOf(associated)) == 1;
    return started ? std::move(context) : nullptr;
}

std::optional<Bytes> runCbc(ByteView key, ByteView iv, ByteView input, bool encrypt)
{
    if (cbc(key.size()) == nullptr || iv.size() != 16)
        return std::nullopt;
    const Cipher context(EVP_CIPHER_CTX_new());
    Bytes out(input.size() + 16, '\0');
    int written = 0;
    int last = 0;
    if (EVP_CipherInit_ex(context.get(), cbc(key.size()), nullptr, octets(key), octets(iv), encrypt ? 1 : 0) != 1 ||
        EVP_CipherUpdate(context.get(), octets(out), &written, octets(input), sizeOf(input)) != 1 ||
        EVP_CipherFinal_ex(context.get(), octets(out) + written, &last) != 1)
        return std::nullopt;
    out.resize(static_cast<std::size_t>(written + last));
    return out;
}

/// The SEC 1 point inside a SubjectPublicKeyInfo of P-256; empty for another curve or form.
Bytes pointOfDer(ByteView der)
{
    const unsigned char* at = octets(der);
    const PublicKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    if (!key || at != octets(der) + der.size())
        return {};
    char name[64] = {};
    std::size_t nameSize = 0;
    if (EVP_PKEY_get_group_name(key.get(), name, sizeof name, &nameSize) != 1 ||
        ByteView(name, nameSize) != SN_X9_62_prime256v1)
        return {};
    unsigned char* point = nullptr;
    const std::size_t size = EVP_PKEY_get1_encoded_public_key(key.get(), &point);
    Bytes out(reinterpret_cast<const char*>(point), size);
    OPENSSL_free(point);
    return out;
}

} // namespace

std::optional<Bytes> openAesGcm(ByteView key, ByteView nonce, ByteView associated, ByteView sealed, ByteView tag)
{
    const Cipher context = startGcm(key, nonce, associated, false);
    if (!context || tag.size() != 16)
        return std::nullopt;
    Bytes out(sealed.size() + 16, '\0');
    Bytes expected(tag);
    int written = 0;
    int last = 0;
    if (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, 16, expected.data()) != 1 ||
        EVP_CipherUpdate(context.get(), octets(out), &written, octets(sealed), sizeOf(sealed)) != 1 ||
        EVP_CipherFinal_ex(context.get(), octets(out) + written, &last) != 1)
        return std::nullopt;
    out.resize(static_cast<std::size_t>(written + last));
    return out;
}

std::optional<Bytes> sealAesGcm(ByteView key, ByteView nonce, ByteView associated, ByteView plaintext)
{
    const Cipher context = startGcm(key, nonce, associated, true);
    if (!context)
        return std::nullopt;
    Bytes out(plaintext.size() + 16, '\0');
    int written = 0;
    int last = 0;
    if (EVP_CipherUpdate(context.get(), octets(out), &written, octets(plaintext), sizeOf(plaintext)) != 1 ||
        EVP_CipherFinal_ex(context.get(), octets(out) + written, &last) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, out.data() + plaintext.size()) != 1)
        return std::nullopt;
    return out;
}

std::optional<Bytes> encryptAesCbc(ByteView key, ByteView iv, ByteView plaintext)
{
    return runCbc(key, iv, plaintext, true);
}

std::optional<Bytes> decryptAesCbc(ByteView key, ByteView iv, ByteView ciphertext)
{
    return runCbc(key, iv, ciphertext, false);
}

std::optional<Bytes> ecdhP256(ByteView privateScalar, ByteView publicKey, PointForm form)
{
    const Bytes encoded = form == PointForm::Der ? pointOfDer(publicKey) : Bytes(publicKey);
    const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    const Point peer(EC_POINT_new(group.get()));
    const Point shared(EC_POINT_new(group.get()));
    const Number scalar(BN_bin2bn(octets(privateScalar), sizeOf(privateScalar), nullptr));
    const Number x(BN_new());
    if (encoded.empty() ||
        EC_POINT_oct2point(group.get(), peer.get(), octets(ByteView(encoded)), encoded.size(), nullptr) != 1 ||
        EC_POINT_is_at_infinity(group.get(), peer.get()) == 1 ||
        EC_POINT_mul(group.get(), shared.get(), nullptr, peer.get(), scalar.get(), nullptr) != 1 ||
        EC_POINT_get_affine_coordinates(group.get(), shared.get(), x.get(), nullptr, nullptr) != 1)
        return std::nullopt;
    Bytes out(32, '\0');
    BN_bn2binpad(x.get(), octets(out), 32);
    return out;
}

Bytes hmacSha512(ByteView key, ByteView message)
{
    Bytes out(64, '\0');
    unsigned size = 0;
    HMAC(EVP_sha512(), key.data(), sizeOf(key), octets(message), message.size(), octets(out), &size);
    return out;
}

std::optional<Bytes> hkdfSha512(ByteView salt, ByteView inputKey, ByteView info, std::size_t size)
{
    if (size > 255 * 64)
        return std::nullopt;
    const Bytes extracted = hmacSha512(salt, inputKey);
    Bytes out;
    Bytes block;
    for (int counter = 1; out.size() < size; ++counter) {
        block.append(info).push_back(static_cast<char>(counter));
        block = hmacSha512(extracted, block);
        out.append(block);
    }
    out.resize(size);
    return out;
}

} // namespace kith::test
