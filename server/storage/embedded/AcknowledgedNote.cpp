#include "server/storage/embedded/AcknowledgedNote.h"

#include "core/crypto/Hash.h"
#include "server/storage/StorageTypes.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kith::server
{
namespace
{

constexpr std::size_t numberSize = 8;

/// The number, and what shows that it is whole.
Bytes encode(std::uint64_t changes)
{
    Bytes bytes;
    appendBigEndian(bytes, changes);
    bytes.append(sha256(bytes).view().substr(0, numberSize));
    return bytes;
}

} // namespace

AcknowledgedNote::~AcknowledgedNote()
{
    if (file_ < 0)
        return;
    ::fdatasync(file_);
    ::close(file_);
}

std::optional<std::uint64_t> AcknowledgedNote::read() const
{
    const int file = ::open((directory_ + "/acknowledged").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    Bytes bytes(2 * numberSize + 1, '\0');
    const ssize_t size = ::read(file, bytes.data(), bytes.size());
    ::close(file);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    if (bytes.size() != 2 * numberSize)
        return std::nullopt;
    const std::uint64_t changes = readBigEndian(bytes);
    return bytes == encode(changes) ? std::optional(changes) : std::nullopt;
}

bool AcknowledgedNote::put(std::uint64_t changes)
{
    if (file_ < 0)
        file_ = ::open((directory_ + "/acknowledged").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const Bytes bytes = encode(changes);
    return file_ >= 0 && ::pwrite(file_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
}

void AcknowledgedNote::write(std::uint64_t changes)
{
    (void)put(changes);
}

Result<void> AcknowledgedNote::writeDurably(std::uint64_t changes)
{
    if (!put(changes) || ::fsync(file_) != 0)
        return Error::make(StorageError::Unopened,
                           "'" + directory_ + "/acknowledged' cannot be written: " + std::strerror(errno) + ".");
    return {};
}

} // namespace kith::server
