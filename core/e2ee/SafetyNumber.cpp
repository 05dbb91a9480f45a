#include "core/e2ee/SafetyNumber.h"

#include "core/crypto/Hash.h"

#include <algorithm>

namespace kith
{
namespace
{

using namespace std::string_view_literals;

constexpr ByteView versionPrefix = "\0\0"sv;
constexpr std::size_t halfSize = 32;
constexpr ByteView qrStart = "\x08\x02\x12\x22\x0a\x20"sv; // version = 2; field 2, its field 1 of 32 octets
constexpr ByteView qrMiddle = "\x1a\x22\x0a\x20"sv;        // field 3, its field 1 of 32 octets
constexpr std::size_t qrSize = qrStart.size() + qrMiddle.size() + 2 * halfSize;

std::string digitsOf(const Fingerprint& side)
{
    std::string out;
    for (std::size_t group = 0; group < 6; ++group) {
        std::uint64_t value = 0;
        for (const char octet : side.hash.view().substr(group * 5, 5))
            value = value << 8 | static_cast<std::uint8_t>(octet);
        const std::string digits = std::to_string(value % 100'000);
        out.append(5 - digits.size(), '0').append(digits);
    }
    return out;
}

} // namespace

Fingerprint Fingerprint::of(ByteView userId, ByteView identityKey)
{
    Fingerprint out{sha512({versionPrefix, identityKey, userId, identityKey})};
    for (int i = 1; i < safetyNumberIterations; ++i)
        out.hash = sha512({out.hash.view(), identityKey});
    return out;
}

std::string safetyNumber(const Fingerprint& own, const Fingerprint& peer)
{
    const std::string a = digitsOf(own);
    const std::string b = digitsOf(peer);
    return std::min(a, b) + std::max(a, b);
}

Bytes safetyNumberQr(const Fingerprint& own, const Fingerprint& peer)
{
    Bytes out(qrStart);
    out.append(own.hash.view().substr(0, halfSize));
    out.append(qrMiddle);
    out.append(peer.hash.view().substr(0, halfSize));
    return out;
}

QrVerdict checkSafetyNumberQr(ByteView scanned, const Fingerprint& own, const Fingerprint& peer)
{
    if (scanned.size() != qrSize || scanned.substr(0, qrStart.size()) != qrStart ||
        scanned.substr(qrStart.size() + halfSize, qrMiddle.size()) != qrMiddle)
        return QrVerdict::NotACode;
    return scanned == safetyNumberQr(peer, own) ? QrVerdict::Match : QrVerdict::Mismatch;
}

} // namespace kith
