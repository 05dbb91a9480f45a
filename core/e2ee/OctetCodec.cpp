#include "core/e2ee/OctetCodec.h"

namespace kith
{

OctetWriter& OctetWriter::raw(ByteView bytes)
{
    if (out_.size() + bytes.size() > out_.capacity()) {
        Bytes larger;
        larger.reserve(std::max(out_.capacity() * 2, out_.size() + bytes.size()));
        larger.append(out_);
        std::swap(out_, larger);
        wipe(larger);
    }
    out_.append(bytes);
    return *this;
}

OctetWriter& OctetWriter::u8(std::uint8_t value)
{
    const char octet = static_cast<char>(value);
    return raw(ByteView(&octet, 1));
}

OctetWriter& OctetWriter::u16(std::uint16_t value)
{
    Bytes number;
    appendBigEndian16(number, value);
    return raw(number);
}

OctetWriter& OctetWriter::u32(std::uint32_t value)
{
    Bytes number;
    appendBigEndian32(number, value);
    return raw(number);
}

OctetWriter& OctetWriter::u64(std::uint64_t value)
{
    Bytes number;
    appendBigEndian(number, value);
    return raw(number);
}

ByteView OctetReader::raw(std::size_t size)
{
    if (failed_ || size > rest_.size()) {
        failed_ = true;
        return {};
    }
    const ByteView taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
}

std::uint8_t OctetReader::u8()
{
    const ByteView read = raw(1);
    return read.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(read[0]);
}

std::uint16_t OctetReader::u16()
{
    const ByteView read = raw(2);
    return read.empty() ? std::uint16_t{0} : readBigEndian16(read);
}

std::uint32_t OctetReader::u32()
{
    const ByteView read = raw(4);
    return read.empty() ? 0 : readBigEndian32(read);
}

std::uint64_t OctetReader::u64()
{
    const ByteView read = raw(8);
    return read.empty() ? 0 : readBigEndian(read);
}

WallTime OctetReader::time()
{
    constexpr std::uint64_t beyond = 1ULL << 50;
    const std::uint64_t value = u64();
    if (value >= beyond)
        failed_ = true;
    return failed_ ? WallTime{} : wallFromMillis(static_cast<std::int64_t>(value));
}

bool OctetReader::flag()
{
    const std::uint8_t value = u8();
    if (value > 1)
        failed_ = true;
    return value == 1 && !failed_;
}

ByteView OctetReader::block16(std::size_t most)
{
    const std::size_t size = u16();
    if (size > most)
        failed_ = true;
    return raw(size);
}

std::size_t OctetReader::count16(std::size_t most, std::size_t itemSize)
{
    const std::size_t count = u16();
    if (count > most || count * itemSize > rest_.size())
        failed_ = true;
    return failed_ ? 0 : count;
}

} // namespace kith
