#include "core/crypto/KeyAgreement.h"

#include "core/crypto/CryptoError.h"
#include "core/crypto/Sodium.h"

namespace kith
{

X25519KeyPair generateX25519(Random& random)
{
    X25519KeyPair pair;
    random.fill(pair.secretKey.data(), X25519SecretKey::size);
    pair.publicKey = x25519PublicKey(pair.secretKey);
    return pair;
}

X25519PublicKey x25519PublicKey(const X25519SecretKey& secret)
{
    X25519PublicKey key;
    crypto_scalarmult_curve25519_base(octets(key.data()), octets(secret.exposeSecret()));
    return key;
}

Result<SharedSecret> agree(const X25519SecretKey& own, const X25519PublicKey& peer)
{
    SharedSecret secret;
    if (crypto_scalarmult_curve25519(octets(secret.data()), octets(own.exposeSecret()), octets(peer.view())) != 0)
        return Error::make(CryptoError::WeakKey, "the public key gives an all-zero secret");
    return secret;
}

} // namespace kith
