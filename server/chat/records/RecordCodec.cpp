#include "server/chat/records/RecordCodec.h"

namespace kith::server
{

RecordWriter& RecordWriter::number(std::uint64_t value)
{
    while (value >= 0x80) {
        out_.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
    return *this;
}

RecordWriter& RecordWriter::bytes(ByteView value)
{
    number(value.size());
    out_.append(value);
    return *this;
}

std::uint64_t RecordReader::number()
{
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !failed_; shift += 7) {
        if (rest_.empty())
            break;
        const auto octet = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        if (shift == 63 && octet > 1)
            break;
        value |= static_cast<std::uint64_t>(octet & 0x7f) << shift;
        if ((octet & 0x80) == 0)
            return value;
    }
    failed_ = true;
    return 0;
}

std::size_t RecordReader::count()
{
    const std::uint64_t value = number();
    if (value > rest_.size()) {
        failed_ = true;
        return 0;
    }
    return static_cast<std::size_t>(value);
}

bool RecordReader::flag()
{
    const std::uint64_t value = number();
    if (value > 1)
        failed_ = true;
    return value == 1;
}

Bytes RecordReader::bytes()
{
    return Bytes(take(count()));
}

ByteView RecordReader::take(std::size_t size)
{
    if (failed_ || size > rest_.size()) {
        failed_ = true;
        return {};
    }
    const ByteView out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
}

} // namespace kith::server
