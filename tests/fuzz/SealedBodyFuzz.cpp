// What a hostile sender can put inside an authentic body: any plaintext, sealed and committed to as its receivers
// expect. It opens only when it has exactly the one form.

#include "core/crypto/Aead.h"
#include "core/crypto/Hash.h"
#include "core/crypto/Hkdf.h"
#include "core/e2ee/SealedContent.h"

#include <algorithm>
#include <cstdlib>

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Bytes padded(reinterpret_cast<const char*>(data), size);
    const RowBinding row;
    ContentSecret secret;
    if (padded.size() >= 36) {
        const std::size_t inner = std::min<std::size_t>(readBigEndian32(padded), padded.size() - 4);
        if (inner >= FrankingKey::size) {
            const auto key = FrankingKey::sliceOf(padded, 4);
            secret.commitment = commitmentOf(key, ByteView(padded).substr(36, inner - FrankingKey::size));
        }
    }
    Bytes associated("kith body v1\0", 13);
    associated.append(16 * 4, '\0').push_back('\0');
    associated.append(secret.commitment.view());
    const auto key = hkdfSha256As<AeadKey>({}, secret.key.exposeSecret(), "kith body v1");
    const Bytes body = ChaCha20Poly1305::seal(key, {}, associated, padded);
    secret.bodyHash = sha256(body);
    const OpenedBody opened = openBody(row, body, secret.commitment.view(), secret);
    if (!opened.fault && opened.content.size() + contentHeaderSize + FrankingKey::size + 4 > padded.size())
        std::abort();
    return 0;
}
