#include "core/crypto/Hkdf.h"

#include "core/crypto/CryptoError.h"
#include "core/crypto/Hmac.h"

#include <algorithm>

namespace kith
{

Result<SecretBytes> hkdfSha256(ByteView salt, ByteView inputKey, ByteView info, std::size_t size)
{
    if (size > hkdfSha256Max)
        return Error::make(CryptoError::WrongSize, "HKDF-SHA256 gives at most 8160 octets");
    using Block = FixedSecret<struct HkdfBlockTag, 32>;
    const Block extracted = hmacSha256As<Block>(salt, inputKey);
    SecretBytes out(size);
    Block block;
    std::size_t filled = 0;
    for (unsigned counter = 1; filled < size; ++counter) {
        const char number = static_cast<char>(counter);
        const ByteView previous = counter == 1 ? ByteView{} : block.exposeSecret();
        Block next;
        hmacSha256Into(next.data(), extracted.exposeSecret(), {previous, info, ByteView(&number, 1)});
        block = std::move(next);
        const std::size_t take = std::min(Block::size, size - filled);
        std::copy_n(block.data(), take, out.data() + filled);
        filled += take;
    }
    return out;
}

} // namespace kith
