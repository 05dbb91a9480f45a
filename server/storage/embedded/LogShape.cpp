#include "server/storage/embedded/LogShape.h"

#include "core/base/Bytes.h"

#include <fstream>

namespace kith::server
{
namespace
{

constexpr std::size_t blockSize = 32'768;
constexpr std::size_t headSize = 7;       ///< checksum (4), length (2), type (1)
constexpr std::size_t batchHeadSize = 12; ///< sequence number (8), count (4)
enum Type : unsigned char { Zero = 0, Full = 1, First = 2, Last = 4 };

std::uint64_t littleEndian(ByteView bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = size; i > 0; --i)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
    return value;
}

bool allZero(ByteView bytes)
{
    return bytes.find_first_not_of('\0') == ByteView::npos;
}

/// Follows the numbers of the batches.
class Numbers
{
public:
    /// The beginning of a batch. False: batches are missing before it.
    bool take(ByteView payload)
    {
        if (payload.size() < batchHeadSize)
            return true; // its checksum tells
        const std::uint64_t first = littleEndian(payload, 0, 8);
        const std::uint64_t count = littleEndian(payload, 8, 4);
        if (count == 0) // RocksDB's own mark at the beginning of a file
            return true;
        const bool follows = next_ == 0 || first == next_;
        next_ = first + count;
        return follows;
    }

private:
    std::uint64_t next_ = 0;
};

} // namespace

std::optional<LogHole> holeInLog(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    Bytes block(blockSize, '\0');
    Numbers numbers;
    std::optional<std::uint64_t> zeros; // from here on, nothing but zeros may follow
    for (std::uint64_t start = 0;; start += blockSize) {
        file.read(block.data(), static_cast<std::streamsize>(blockSize));
        const ByteView bytes(block.data(), static_cast<std::size_t>(file.gcount()));
        if (bytes.empty())
            return std::nullopt;
        std::size_t at = 0;
        while (!zeros && bytes.size() - at >= headSize) {
            const std::size_t length = littleEndian(bytes, at + 4, 2);
            const auto type = static_cast<unsigned char>(bytes[at + 6]);
            if (type == Zero && length == 0) {
                zeros = start + at;
                break;
            }
            if (type < Full || type > Last)
                return LogHole{start + at, "a record of no known kind"};
            if (length > bytes.size() - at - headSize)
                return std::nullopt; // torn, or RocksDB says so
            if ((type == Full || type == First) && !numbers.take(bytes.substr(at + headSize, length)))
                return LogHole{start + at, "records missing in its middle"};
            at += headSize + length;
        }
        if (zeros && !allZero(bytes.substr(at)))
            return LogHole{*zeros, "zeros in its middle"};
    }
}

} // namespace kith::server
