#include "server/Settings.h"

#include "server/config/ConfigFile.h"

#include <QHostAddress>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kith::server
{
namespace
{

Error wrong(std::string sentence)
{
    return Error::make(ConfigError::BadValue, std::move(sentence));
}

Result<void> applyCommandLine(const CommonOptions& options, ServerConfig& config)
{
    if (!options.listen.empty()) {
        const auto address = parseListen(options.listen);
        if (!address)
            return wrong("--listen " + options.listen + " is not ADDRESS:PORT, such as 0.0.0.0:8443 or [::]:8443");
        config.listenHost = address->host;
        config.listenPort = address->port;
    }
    for (const std::string& name : options.names) {
        const bool address = !QHostAddress(QString::fromStdString(name)).isNull();
        const auto host = address ? std::nullopt : wire::parseHostPort(name);
        if (!address && (!host || name.find(':') != std::string::npos))
            return wrong("--name " + name + " is neither a host name nor an address");
        config.names.push_back(address ? name : host->host);
    }
    if (!options.logLevel.empty()) {
        const auto level = parseLogLevel(options.logLevel);
        if (!level)
            return wrong("--log-level " + options.logLevel + " is not debug, info, warning or error");
        config.logLevel = *level;
    }
    config.plain = config.plain || options.plain;
    config.acceptClock = options.acceptClock;
    return checkConfig(config);
}

} // namespace

Result<Settings> readSettings(const CommonOptions& options, DataUse use)
{
    const std::string whole = DataDirectory::wholePath(options.data);
    const std::string path = options.config.empty() ? DataDirectory::configIn(whole) : options.config;
    ServerConfig config;
    if (!options.config.empty() || ::access(path.c_str(), F_OK) == 0) {
        KITH_TRY(config, readConfig(path));
    }
    KITH_CHECK(applyCommandLine(options, config));
    KITH_TRY(auto data, use == DataUse::Make ? DataDirectory::openOrMake(whole) : DataDirectory::open(whole));
    return Settings{std::move(data), std::move(config)};
}

Result<bool> writeFirstConfig(const Settings& settings)
{
    const ServerConfig& config = settings.config;
    const std::string host =
        config.listenHost.find(':') == std::string::npos ? config.listenHost : "[" + config.listenHost + "]";
    std::string text = "# kithd: docs/guides/server.md lists every key.\n[server]\nlisten = \"" + host + ":" +
                       std::to_string(config.listenPort) + "\"\nnames = [";
    for (std::size_t i = 0; i < config.names.size(); ++i)
        text += (i == 0 ? "\"" : ", \"") + config.names[i] + "\"";
    text += config.plain ? "]\nplain = true\n" : "]\n";
    const std::string path = settings.data.config();
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return false;
    const bool written =
        fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    const int reason = errno;
    if (fd >= 0)
        ::close(fd);
    if (!written)
        return Error::make(DataError::Unusable, path + " cannot be written: " + std::strerror(reason));
    return true;
}

} // namespace kith::server
