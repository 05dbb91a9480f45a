#include "server/storage/engine/ValueCodec.h"

namespace kith::server
{

ValueEncoder::ValueEncoder(std::uint8_t format, std::size_t reserve)
{
    out_.reserve(reserve);
    out_.push_back(static_cast<char>(format));
}

void ValueEncoder::number(std::uint64_t value)
{
    while (value >= 0x80) {
        out_.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
}

void ValueEncoder::octets(ByteView bytes)
{
    number(bytes.size());
    out_.append(bytes);
}

ValueDecoder::ValueDecoder(ByteView bytes, std::uint8_t format) : left_(bytes)
{
    if (left_.empty() || static_cast<std::uint8_t>(left_.front()) != format) {
        ok_ = false;
        return;
    }
    left_.remove_prefix(1);
}

std::uint64_t ValueDecoder::number()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; ok_ && !left_.empty() && shift < 64; shift += 7) {
        const auto octet = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        // A tenth octet has room for one bit, and a last octet of zero would be a longer way to write the same.
        if ((shift == 63 && octet > 1) || (shift > 0 && octet == 0))
            break;
        value |= static_cast<std::uint64_t>(octet & 0x7fU) << shift;
        if (octet < 0x80)
            return value;
    }
    ok_ = false;
    return 0;
}

std::size_t ValueDecoder::count(std::size_t least)
{
    const std::uint64_t value = number();
    if (ok_ && value > left_.size() / least)
        ok_ = false;
    return ok_ ? static_cast<std::size_t>(value) : 0;
}

ByteView ValueDecoder::octets()
{
    return raw(count(1));
}

ByteView ValueDecoder::raw(std::size_t size)
{
    if (!ok_ || size > left_.size()) {
        ok_ = false;
        return {};
    }
    const ByteView out = left_.substr(0, size);
    left_.remove_prefix(size);
    return out;
}

ByteView ValueDecoder::rest()
{
    return raw(ok_ ? left_.size() : 0);
}

} // namespace kith::server
