#include "core/e2ee/KithRatchet.h"

#include "core/crypto/Hkdf.h"
#include "core/crypto/Hmac.h"
#include "core/e2ee/OctetCodec.h"

namespace kith
{
namespace
{

using namespace std::string_view_literals;

constexpr ByteView rootInfo = "kith ratchet root v1"sv;
constexpr ByteView messageInfo = "kith ratchet message v1"sv;

AeadKey messageAeadKey(const MessageKey& key)
{
    return hkdfSha256As<AeadKey>({}, key.exposeSecret(), messageInfo);
}

Bytes joined(ByteView associated, ByteView header)
{
    Bytes out(associated);
    out.append(header);
    return out;
}

} // namespace

std::pair<RootKey, ChainKey> KithProfile::rootStep(const RootKey& root, const SharedSecret& shared)
{
    using Pair = FixedSecret<struct RootStepTag, 64>;
    const Pair derived = hkdfSha256As<Pair>(root.exposeSecret(), shared.exposeSecret(), rootInfo);
    return {RootKey::sliceOf(derived.exposeSecret(), 0), ChainKey::sliceOf(derived.exposeSecret(), RootKey::size)};
}

std::pair<MessageKey, ChainKey> KithProfile::chainStep(const ChainKey& chain)
{
    return {hmacSha256As<MessageKey>(chain.exposeSecret(), "\x01"sv),
            hmacSha256As<ChainKey>(chain.exposeSecret(), "\x02"sv)};
}

Bytes KithProfile::seal(const MessageKey& key, const RatchetHeader& header, ByteView associated, ByteView plaintext)
{
    OctetWriter out(headerSize + plaintext.size() + ChaCha20Poly1305::overhead);
    out.u8(version).raw(header.ratchetKey.view()).u32(header.number).u32(header.previousLength);
    out.raw(ChaCha20Poly1305::seal(messageAeadKey(key), {}, joined(associated, out.written()), plaintext));
    return out.takePublic();
}

Result<KithProfile::Parsed> KithProfile::parse(ByteView message)
{
    OctetReader in(message);
    const std::uint8_t found = in.u8();
    if (in.ok() && found != version)
        return Error::make(E2eeError::UnknownVersion, "a ratchet message of another version");
    Parsed parsed;
    parsed.ratchetKey = in.octets<X25519PublicKey>();
    parsed.number = in.u32();
    parsed.previousLength = in.u32();
    if (!in.ok() || in.rest().size() < ChaCha20Poly1305::overhead)
        return Error::make(E2eeError::Malformed, "a ratchet message is too short");
    parsed.header = message.substr(0, headerSize);
    parsed.sealed = in.rest();
    return parsed;
}

Result<SecretBytes> KithProfile::open(const MessageKey& key, const Parsed& parsed, ByteView associated)
{
    auto opened = ChaCha20Poly1305::open(messageAeadKey(key), {}, joined(associated, parsed.header), parsed.sealed);
    if (!opened)
        return Error::make(E2eeError::NotDecryptable, "the ratchet message does not open");
    return opened;
}

} // namespace kith
