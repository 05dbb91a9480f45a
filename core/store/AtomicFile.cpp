#include "core/store/AtomicFile.h"

#include "core/store/sqlite/StoreError.h"

#include <QFile>
#include <QSaveFile>
#include <QString>

#include <cerrno>
#include <cstring>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

namespace kith
{
namespace
{

Error failed(const std::string& path, const char* what, int code)
{
    const StoreError kind = code == ENOSPC || code == EDQUOT ? StoreError::Full : StoreError::Io;
    return Error::make(kind, std::string(what) + " " + path + " failed (" + std::strerror(code) +
                                 "); the file is as it was before");
}

#ifdef Q_OS_UNIX
/// Closes on every way out.
class Descriptor
{
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

int writeAndSync(const std::string& path, ByteView bytes)
{
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0)
        return errno;
    while (!bytes.empty()) {
        const auto written = ::write(file.number(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : EIO;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file.number()) == 0 ? 0 : errno;
}

int syncFolderOf(const std::string& path)
{
    const auto slash = path.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() < 0)
        return errno;
    return ::fsync(opened.number()) == 0 ? 0 : errno;
}
#endif

} // namespace

Result<void> replaceFile(const std::string& path, ByteView bytes)
{
#ifdef Q_OS_UNIX
    const std::string beside = path + ".new";
    if (const int code = writeAndSync(beside, bytes); code != 0) {
        ::unlink(beside.c_str());
        return failed(path, "writing", code);
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        const int code = errno;
        ::unlink(beside.c_str());
        return failed(path, "replacing", code);
    }
    if (const int code = syncFolderOf(path); code != 0)
        return failed(path, "syncing the folder of", code);
    return {};
#else
    QSaveFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0 ||
        !file.commit())
        return failed(path, "writing", EIO);
    return {};
#endif
}

Result<std::optional<Bytes>> readFile(const std::string& path, std::size_t limit)
{
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        return std::optional<Bytes>{};
    if (!file.open(QIODevice::ReadOnly))
        return Error::make(StoreError::Io, "reading " + path + " failed; check that it is yours");
    const QByteArray bytes = file.read(static_cast<qint64>(limit) + 1);
    if (static_cast<std::size_t>(bytes.size()) > limit)
        return Error::make(StoreError::Damaged, path + " is larger than it can be");
    return std::optional(bytes.toStdString());
}

Result<void> removeFile(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (file.exists() && !file.remove())
        return Error::make(StoreError::Io, "removing " + path + " failed; check that it is yours");
    return {};
}

} // namespace kith
