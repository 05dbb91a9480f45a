#include "core/crypto/Sign.h"

#include "core/crypto/CryptoError.h"
#include "core/crypto/Sodium.h"

namespace kith
{
namespace
{

Bytes labelled(SignatureLabel label, ByteView bytes)
{
    Bytes message;
    message.reserve(label.text.size() + 1 + bytes.size());
    message.append(label.text).push_back('\0');
    message.append(bytes);
    return message;
}

} // namespace

Ed25519KeyPair generateEd25519(Random& random)
{
    Ed25519Seed seed;
    random.fill(seed.data(), Ed25519Seed::size);
    return ed25519FromSeed(seed);
}

Ed25519KeyPair ed25519FromSeed(const Ed25519Seed& seed)
{
    Ed25519KeyPair pair;
    crypto_sign_ed25519_seed_keypair(octets(pair.publicKey.data()), octets(pair.secretKey.data()),
                                     octets(seed.exposeSecret()));
    return pair;
}

Ed25519KeyPair ed25519FromSecret(const Ed25519SecretKey& secret)
{
    return {*Ed25519PublicKey::fromBytes(secret.exposeSecret().substr(Ed25519Seed::size)), secret.clone()};
}

Ed25519Signature sign(const Ed25519SecretKey& key, SignatureLabel label, ByteView bytes)
{
    const Bytes message = labelled(label, bytes);
    Ed25519Signature signature;
    crypto_sign_ed25519_detached(octets(signature.data()), nullptr, octets(ByteView(message)), message.size(),
                                 octets(key.exposeSecret()));
    return signature;
}

Result<void> verify(const Ed25519PublicKey& key, SignatureLabel label, ByteView bytes, ByteView signature)
{
    if (!verifyEd25519(key, labelled(label, bytes), signature))
        return Error::make(CryptoError::BadSignature, "the signature does not verify");
    return {};
}

bool verifyEd25519(const Ed25519PublicKey& key, ByteView message, ByteView signature)
{
    return signature.size() == Ed25519Signature::size &&
           crypto_sign_ed25519_verify_detached(octets(signature), octets(message), message.size(),
                                               octets(key.view())) == 0;
}

} // namespace kith
