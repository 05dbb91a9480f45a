#include "core/base/Bytes.h"

#include <array>

namespace kith
{
namespace
{

constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr std::string_view base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

template <std::size_t Octets> void appendNumber(Bytes& out, std::uint64_t value)
{
    for (std::size_t i = 0; i < Octets; ++i)
        out.push_back(static_cast<char>(value >> (8 * (Octets - 1 - i))));
}

template <std::size_t Octets> std::uint64_t readNumber(ByteView bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Octets; ++i)
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

} // namespace

std::string toHex(ByteView bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto octet = static_cast<std::uint8_t>(c);
        text.push_back(hexDigits[octet >> 4]);
        text.push_back(hexDigits[octet & 15]);
    }
    return text;
}

std::optional<Bytes> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexValue(text[i]);
        const int low = hexValue(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return bytes;
}

std::string toBase64Url(ByteView bytes)
{
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char c : bytes) {
        pending = pending << 8 | static_cast<std::uint8_t>(c);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text.push_back(base64Digits[pending >> bits & 63]);
        }
    }
    if (bits > 0)
        text.push_back(base64Digits[pending << (6 - bits) & 63]);
    return text;
}

std::optional<Bytes> fromBase64Url(std::string_view text)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char c : text) {
        const auto value = base64Digits.find(c);
        if (value == std::string_view::npos)
            return std::nullopt;
        pending = (pending << 6 | static_cast<std::uint32_t>(value)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>(pending >> bits));
        }
    }
    if ((pending & ((1U << bits) - 1U)) != 0)
        return std::nullopt;
    return bytes;
}

void appendBigEndian(Bytes& out, std::uint64_t value)
{
    appendNumber<8>(out, value);
}
void appendBigEndian32(Bytes& out, std::uint32_t value)
{
    appendNumber<4>(out, value);
}
void appendBigEndian16(Bytes& out, std::uint16_t value)
{
    appendNumber<2>(out, value);
}
std::uint64_t readBigEndian(ByteView bytes)
{
    return readNumber<8>(bytes);
}
std::uint32_t readBigEndian32(ByteView bytes)
{
    return static_cast<std::uint32_t>(readNumber<4>(bytes));
}
std::uint16_t readBigEndian16(ByteView bytes)
{
    return static_cast<std::uint16_t>(readNumber<2>(bytes));
}

} // namespace kith
