#include "tests/support/crypto/WatchedAead.h"

#include "core/crypto/Aead.h"
#include "core/crypto/CryptoError.h"

#include <openssl/evp.h>

#include <memory>
#include <set>

namespace kith
{
namespace
{

struct ContextRelease {
    void operator()(EVP_CIPHER_CTX* held) const { EVP_CIPHER_CTX_free(held); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextRelease>;

std::set<Bytes> used;     // NOLINT: the test program's memory of all pairs
std::size_t sealed = 0;   // NOLINT
std::size_t repeated = 0; // NOLINT

const unsigned char* octets(ByteView bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Context start(const AeadKey& key, const AeadNonce& nonce, ByteView associated, int encrypt)
{
    Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    EVP_CipherInit_ex(context.get(), EVP_chacha20_poly1305(), nullptr, octets(key.exposeSecret()), octets(nonce.view()),
                      encrypt);
    EVP_CipherUpdate(context.get(), nullptr, &written, octets(associated), static_cast<int>(associated.size()));
    return context;
}

} // namespace

Bytes ChaCha20Poly1305::seal(const AeadKey& key, const Nonce& nonce, ByteView associated, ByteView plaintext)
{
    ++sealed;
    if (!used.insert(Bytes(key.exposeSecret()) + nonce.bytes()).second)
        ++repeated;
    const Context context = start(key, nonce, associated, 1);
    Bytes out(plaintext.size() + overhead, '\0');
    auto* at = reinterpret_cast<unsigned char*>(out.data());
    int written = 0;
    int last = 0;
    EVP_CipherUpdate(context.get(), at, &written, octets(plaintext), static_cast<int>(plaintext.size()));
    EVP_CipherFinal_ex(context.get(), at + written, &last);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, overhead, at + plaintext.size());
    return out;
}

Result<SecretBytes> ChaCha20Poly1305::open(const AeadKey& key, const Nonce& nonce, ByteView associated, ByteView text)
{
    const Error refused = Error::make(CryptoError::NotAuthentic, "the tag does not verify");
    if (text.size() < overhead)
        return refused;
    const std::size_t size = text.size() - overhead;
    const Context context = start(key, nonce, associated, 0);
    SecretBytes out(size);
    Bytes tag(text.substr(size));
    unsigned char spare[1] = {};
    auto* at = size == 0 ? spare : reinterpret_cast<unsigned char*>(out.data());
    int written = 0;
    int last = 0;
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, overhead, tag.data());
    EVP_CipherUpdate(context.get(), at, &written, octets(text), static_cast<int>(size));
    if (EVP_CipherFinal_ex(context.get(), at + written, &last) != 1)
        return refused;
    return out;
}

} // namespace kith

namespace kith::test
{

std::size_t sealedTexts()
{
    return sealed;
}

std::size_t reusedNonces()
{
    return repeated;
}

} // namespace kith::test
