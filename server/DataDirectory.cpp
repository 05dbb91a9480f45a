#include "server/DataDirectory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace kith::server
{
namespace
{

constexpr std::string_view header = "kithd identity 1\n";
constexpr std::size_t idSize = 16;
constexpr std::size_t keySize = 32;

Error unusable(const std::string& path, const std::string& what, int reason)
{
    return Error::make(DataError::Unusable, path + " cannot be " + what + ": " + std::strerror(reason));
}

/// Makes the missing folders of `path`, for their owner alone.
Result<void> makeFolders(const std::string& path)
{
    for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
        const std::string part = path.substr(0, slash);
        if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST)
            return unusable(path, "made", errno);
        if (slash == std::string::npos)
            return {};
    }
}

Error notOurs(std::string sentence)
{
    return Error::make(DataError::NotOurs, std::move(sentence));
}

std::string howToMake(const std::string& path)
{
    return "'kithd serve --data " + path + "' makes one.";
}

enum class Content { Missing, Empty, Configured, Other, Kith };

/// What lies at `path`. A directory that this user cannot use is an error.
Result<Content> contentOf(const std::string& path)
{
    struct stat info {
    };
    if (::stat(path.c_str(), &info) != 0)
        return errno == ENOENT ? Result(Content::Missing) : Result<Content>(unusable(path, "used", errno));
    if (!S_ISDIR(info.st_mode))
        return unusable(path, "used", ENOTDIR);
    std::error_code failed;
    std::filesystem::directory_iterator entries(path, failed);
    if (failed || ::access(path.c_str(), R_OK | W_OK | X_OK) != 0)
        return unusable(path, "used by this user", failed ? failed.value() : errno);
    bool empty = true;
    bool configured = false;
    for (const std::filesystem::directory_iterator end; !failed && entries != end; entries.increment(failed)) {
        const std::string name = entries->path().filename().string();
        if (name == "identity" || name == "store") // either: a first start may have ended between them
            return Content::Kith;
        configured = configured || name == "kithd.toml"; // an operator may write it first
        empty = empty && name == "lost+found";           // the root of a fresh file system
    }
    if (configured)
        return Content::Configured;
    return empty ? Content::Empty : Content::Other;
}

/// Never replaces one: where another process was first, that one stays.
Result<void> writeIdentity(const std::string& path, const ServerIdentity& identity)
{
    const std::string beside = path + ".new." + std::to_string(::getpid());
    Bytes text = Bytes(header) + toHex(identity.id) + "\n" + toHex(identity.key) + "\n";
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written =
        fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    const int reason = errno;
    if (fd >= 0)
        ::close(fd);
    ::explicit_bzero(text.data(), text.size());
    const bool linked = written && (::link(beside.c_str(), path.c_str()) == 0 || errno == EEXIST);
    const int linkReason = errno;
    ::unlink(beside.c_str());
    if (!linked)
        return unusable(path, "written", written ? linkReason : reason);
    const int folder = ::open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

} // namespace

std::string DataDirectory::defaultPath()
{
    if (::geteuid() == 0)
        return "/var/lib/kithd";
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data != nullptr && data[0] == '/')
        return std::string(data) + "/kithd";
    const char* home = std::getenv("HOME");
    return std::string(home != nullptr ? home : "") + "/.local/share/kithd";
}

std::string DataDirectory::wholePath(const std::string& path)
{
    std::error_code failed;
    const auto whole = std::filesystem::absolute(path.empty() ? defaultPath() : path, failed).lexically_normal();
    std::string text = failed ? path : whole.string();
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    return text;
}

Result<DataDirectory> DataDirectory::open(const std::string& path)
{
    std::string whole = wholePath(path);
    KITH_TRY(const Content content, contentOf(whole));
    if (content == Content::Missing)
        return notOurs("There is no data directory " + whole + ". " + howToMake(whole));
    if (content != Content::Kith)
        return notOurs(whole + " is not a data directory of Kith." +
                       (content == Content::Other ? std::string() : ' ' + howToMake(whole)));
    return DataDirectory(std::move(whole), false);
}

Result<DataDirectory> DataDirectory::openOrMake(const std::string& path)
{
    std::string whole = wholePath(path);
    KITH_TRY(const Content content, contentOf(whole));
    switch (content) {
    case Content::Other:
        return notOurs(whole + " holds other files and is not a data directory of Kith. Name a new or an empty one.");
    case Content::Kith:
        return DataDirectory(std::move(whole), false);
    case Content::Missing:
        KITH_CHECK(makeFolders(whole));
        break;
    case Content::Empty:
    case Content::Configured:
        if (::chmod(whole.c_str(), 0700) != 0)
            return unusable(whole, "closed to other users", errno);
        break;
    }
    return DataDirectory(std::move(whole), true);
}

Result<ServerIdentity> DataDirectory::identity(Random& random) const
{
    const std::string path = path_ + "/identity";
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
        // It is made before the store: a store alone has lost it, and another one would find nobody's conversations.
        if (::access(store().c_str(), F_OK) == 0)
            return Error::make(DataError::Damaged, path + " is missing beside a store. Nothing was changed; restore it "
                                                          "from a backup: without it nobody's conversations are found");
        KITH_CHECK(writeIdentity(path, {random.bytes(idSize), random.bytes(keySize)}));
    }
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return unusable(path, "read", errno);
    Bytes text(256, '\0');
    const ssize_t size = ::read(fd, text.data(), text.size());
    ::close(fd);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    constexpr std::size_t idAt = header.size();
    constexpr std::size_t keyAt = idAt + 2 * idSize + 1;
    ServerIdentity identity;
    if (text.size() == keyAt + 2 * keySize + 1 && text.starts_with(header)) {
        identity.id = fromHex(ByteView(text).substr(idAt, 2 * idSize)).value_or(Bytes{});
        identity.key = fromHex(ByteView(text).substr(keyAt, 2 * keySize)).value_or(Bytes{});
    }
    ::explicit_bzero(text.data(), text.size());
    if (identity.id.empty() || identity.key.empty())
        return Error::make(DataError::Damaged,
                           path + " is damaged; restore it from a backup: without it nobody's conversations are found");
    return identity;
}

} // namespace kith::server
