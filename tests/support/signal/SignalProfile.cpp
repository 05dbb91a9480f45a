#include "tests/support/signal/SignalProfile.h"

#include "core/crypto/Hkdf.h"
#include "core/crypto/Hmac.h"
#include "tests/support/crypto/OpenSslReference.h"

namespace kith::test
{
namespace
{

using namespace std::string_view_literals;

constexpr char versionOctet = '\x34'; // version 3, understanding up to 4
constexpr std::size_t macSize = 8;
using MessageKeys = FixedSecret<struct SignalMessageKeysTag, 80>;

struct Keys {
    MessageKeys all;
    [[nodiscard]] ByteView cipher() const { return all.exposeSecret().substr(0, 32); }
    [[nodiscard]] ByteView mac() const { return all.exposeSecret().substr(32, 32); }
    [[nodiscard]] ByteView iv() const { return all.exposeSecret().substr(64, 16); }
};

Keys keysOf(const MessageKey& seed)
{
    return {hkdfSha256As<MessageKeys>({}, seed.exposeSecret(), "WhisperMessageKeys"sv)};
}

Bytes macOf(const Keys& keys, ByteView associated, ByteView covered)
{
    return hmacSha256(keys.mac(), {associated, covered}).bytes().substr(0, macSize);
}

void appendVarint(Bytes& out, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    out.push_back(static_cast<char>(value));
}

std::optional<std::uint64_t> takeVarint(ByteView& bytes)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto octet = static_cast<std::uint8_t>(bytes[0]);
        bytes.remove_prefix(1);
        value |= std::uint64_t{octet & 0x7fU} << shift;
        if ((octet & 0x80) == 0)
            return value;
    }
    return std::nullopt;
}

} // namespace

Bytes signalKey(const X25519PublicKey& key)
{
    return signalKeyType + key.bytes();
}

std::optional<X25519PublicKey> fromSignalKey(ByteView bytes)
{
    if (bytes.empty() || bytes[0] != signalKeyType)
        return std::nullopt;
    return X25519PublicKey::fromBytes(bytes.substr(1));
}

void appendVarintField(Bytes& out, std::uint32_t number, std::uint64_t value)
{
    appendVarint(out, std::uint64_t{number} << 3);
    appendVarint(out, value);
}

void appendBytesField(Bytes& out, std::uint32_t number, ByteView value)
{
    appendVarint(out, std::uint64_t{number} << 3 | 2);
    appendVarint(out, value.size());
    out.append(value);
}

std::optional<std::vector<SignalField>> parseFields(ByteView bytes)
{
    std::vector<SignalField> fields;
    while (!bytes.empty()) {
        const auto tag = takeVarint(bytes);
        const auto value = takeVarint(bytes);
        if (!tag || !value || ((*tag & 7) != 0 && (*tag & 7) != 2))
            return std::nullopt;
        SignalField field{static_cast<std::uint32_t>(*tag >> 3), *value, {}};
        if ((*tag & 7) == 2) {
            if (*value > bytes.size())
                return std::nullopt;
            field.bytes = bytes.substr(0, *value);
            bytes.remove_prefix(*value);
        }
        fields.push_back(field);
    }
    return fields;
}

std::pair<RootKey, ChainKey> SignalProfile::rootStep(const RootKey& root, const SharedSecret& shared)
{
    using Pair = FixedSecret<struct SignalRootTag, 64>;
    const Pair derived = hkdfSha256As<Pair>(root.exposeSecret(), shared.exposeSecret(), "WhisperRatchet"sv);
    return {RootKey::sliceOf(derived.exposeSecret(), 0), ChainKey::sliceOf(derived.exposeSecret(), 32)};
}

std::pair<MessageKey, ChainKey> SignalProfile::chainStep(const ChainKey& chain)
{
    return {hmacSha256As<MessageKey>(chain.exposeSecret(), "\x01"sv),
            hmacSha256As<ChainKey>(chain.exposeSecret(), "\x02"sv)};
}

Bytes SignalProfile::seal(const MessageKey& key, const RatchetHeader& header, ByteView associated, ByteView plaintext)
{
    const Keys keys = keysOf(key);
    Bytes message(1, versionOctet);
    appendBytesField(message, 1, signalKey(header.ratchetKey));
    appendVarintField(message, 2, header.number);
    appendVarintField(message, 3, header.previousLength);
    appendBytesField(message, 4, *encryptAesCbc(keys.cipher(), keys.iv(), plaintext));
    message.append(macOf(keys, associated, message));
    return message;
}

Result<SignalProfile::Parsed> SignalProfile::parse(ByteView message)
{
    const Error malformed = Error::make(E2eeError::Malformed, "no Signal message");
    if (message.size() < 1 + macSize || message[0] != versionOctet)
        return malformed;
    Parsed parsed;
    parsed.covered = message.substr(0, message.size() - macSize);
    parsed.mac = message.substr(message.size() - macSize);
    const auto fields = parseFields(parsed.covered.substr(1));
    if (!fields)
        return malformed;
    for (const SignalField& field : *fields) {
        if (field.number == 1) {
            const auto key = fromSignalKey(field.bytes);
            if (!key)
                return malformed;
            parsed.ratchetKey = *key;
        } else if (field.number == 2) {
            parsed.number = static_cast<std::uint32_t>(field.varint);
        } else if (field.number == 3) {
            parsed.previousLength = static_cast<std::uint32_t>(field.varint);
        } else if (field.number == 4) {
            parsed.ciphertext = field.bytes;
        }
    }
    return parsed;
}

Result<SecretBytes> SignalProfile::open(const MessageKey& key, const Parsed& parsed, ByteView associated)
{
    const Keys keys = keysOf(key);
    if (!constantTimeEqual(macOf(keys, associated, parsed.covered), parsed.mac))
        return Error::make(E2eeError::NotDecryptable, "the MAC does not verify");
    auto plaintext = decryptAesCbc(keys.cipher(), keys.iv(), parsed.ciphertext);
    if (!plaintext)
        return Error::make(E2eeError::NotDecryptable, "the padding is wrong");
    return SecretBytes::takeFrom(std::move(*plaintext));
}

} // namespace kith::test
