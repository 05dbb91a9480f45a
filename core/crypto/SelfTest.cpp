#include "core/crypto/SelfTest.h"

#include "core/crypto/Aead.h"
#include "core/crypto/CryptoError.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Hkdf.h"
#include "core/crypto/Hmac.h"
#include "core/crypto/KeyAgreement.h"
#include "core/crypto/Sign.h"
#include "core/crypto/Sodium.h"

namespace kith
{
namespace
{

using namespace std::string_view_literals;

Bytes hex(std::string_view text)
{
    return *fromHex(text);
}

template <class Key> Key secretFromHex(std::string_view text)
{
    return std::move(*Key::copyOf(hex(text)));
}

/// FIPS 180-4 "abc"; RFC 4231 case 1; RFC 5869 case 1.
bool hashesAnswer()
{
    const bool sha = sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" &&
                     sha512("abc").hex() == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
    const bool mac = hmacSha256(Bytes(20, '\x0b'), "Hi There"sv).hex() ==
                     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
    const auto derived =
        hkdfSha256(hex("000102030405060708090a0b0c"), Bytes(22, '\x0b'), hex("f0f1f2f3f4f5f6f7f8f9"), 42);
    return sha && mac && derived &&
           toHex(derived->exposeSecret()) ==
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
}

/// RFC 8439 section 2.8.2 and draft-irtf-cfrg-xchacha-03 appendix A.3: same key, data and text.
bool aeadAnswers()
{
    const auto key = secretFromHex<AeadKey>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    const Bytes associated = hex("50515253c0c1c2c3c4c5c6c7");
    const ByteView text = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
                          "sunscreen would be it."sv;
    const auto nonce = *AeadNonce::fromBytes(hex("070000004041424344454647"));
    Bytes sealed = ChaCha20Poly1305::seal(key, nonce, associated, text);
    if (toHex(ByteView(sealed).substr(text.size())) != "1ae10b594f09e26a7e902ecbd0600691")
        return false;
    const auto opened = ChaCha20Poly1305::open(key, nonce, associated, sealed);
    sealed[0] = static_cast<char>(sealed[0] ^ 1);
    const auto xNonce = *AeadXNonce::fromBytes(hex("404142434445464748494a4b4c4d4e4f5051525354555657"));
    const Bytes xSealed = XChaCha20Poly1305::seal(key, xNonce, associated, text);
    return opened && opened->exposeSecret() == text && !ChaCha20Poly1305::open(key, nonce, associated, sealed) &&
           toHex(ByteView(xSealed).substr(text.size())) == "c0875924c1c7987947deafd8780acf49";
}

/// RFC 8032 section 7.1 test 2; RFC 7748 section 5.2, first; a zero point refused.
bool curvesAnswer()
{
    const auto pair =
        ed25519FromSeed(secretFromHex<Ed25519Seed>("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    const Bytes signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    const Ed25519Signature own = sign(pair.secretKey, deviceManifestLabel, "r");
    const bool signs = verifyEd25519(pair.publicKey, "r", signature) &&
                       !verifyEd25519(pair.publicKey, "s", signature) &&
                       verify(pair.publicKey, deviceManifestLabel, "r", own.view()) &&
                       !verify(pair.publicKey, deviceCertificateLabel, "r", own.view());
    const auto scalar =
        secretFromHex<X25519SecretKey>("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
    const auto point =
        *X25519PublicKey::fromBytes(hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
    const auto shared = agree(scalar, point);
    return signs && !agree(scalar, X25519PublicKey{}) && shared &&
           toHex(shared->exposeSecret()) == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552";
}

} // namespace

Result<void> cryptoSelfTest()
{
    if (sodium_init() < 0)
        return Error::make(CryptoError::Unavailable, "libsodium does not start");
    if (!hashesAnswer() || !aeadAnswers() || !curvesAnswer())
        return Error::make(CryptoError::Unavailable, "the crypto library gives wrong answers on this machine");
    return {};
}

} // namespace kith
