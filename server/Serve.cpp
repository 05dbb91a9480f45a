// `serve`, `init` and `config check`.
#include "core/base/Log.h"
#include "core/crypto/SodiumRandom.h"
#include "server/Commands.h"
#include "server/DataDirectory.h"
#include "server/Output.h"
#include "server/Server.h"
#include "server/Settings.h"
#include "server/config/ConfigFile.h"
#include "server/config/Names.h"
#include "server/gateway/ServerCertificate.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace kith::server
{
namespace
{

QString toQt(const std::string& text)
{
    return QString::fromStdString(text);
}

/// SIGTERM and SIGINT as events of the main loop. Threads inherit the block, so they are made afterwards.
class StopSignals
{
public:
    StopSignals()
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN); // a file size limit is a failed write like any other
        descriptor_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    }
    ~StopSignals() { ::close(descriptor_); }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// The number of the signal that came.
    [[nodiscard]] int take() const
    {
        signalfd_siginfo info{};
        return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
    }

private:
    int descriptor_;
};

void announce(const Server& server, const ServerConfig& config, const DataDirectory& data, const std::string& invite,
              bool json)
{
    const std::string host = reachableHost(config);
    if (json) {
        printJson({{QStringLiteral("type"), QStringLiteral("serving")},
                   {QStringLiteral("address"), toQt(host)},
                   {QStringLiteral("port"), server.port()},
                   {QStringLiteral("invite"), toQt(invite)},
                   {QStringLiteral("data"), toQt(data.path())},
                   {QStringLiteral("new"), data.isNew()}});
        return;
    }
    printLine("kithd " KITH_VERSION " serves at " + wire::formatHostPort({host, server.port()}));
    printLine("data   " + data.path());
    printLine("invite " + (invite.empty() ? "for one more person: kithd invite create --data " + data.path() : invite));
}

} // namespace

int serve(const CommonOptions& options)
{
    const StopSignals signals;
    const auto settings = readSettings(options, DataUse::Make);
    if (!settings.ok())
        return fail(settings.error(), options.json);
    if (settings->data.isNew()) // at once: whoever mistyped the path learns it whatever follows
        printNote("a new server: made the data directory " + settings->data.path());
    setLogLevel(settings->config.logLevel);
    SodiumRandom random;
    setLogHashKey(random.bytes(32));
    auto server = Server::start(settings->data, settings->config);
    if (!server.ok())
        return fail(server.error(), options.json);
    Server& running = **server;

    bool asked = false;
    QSocketNotifier notifier(signals.descriptor(), QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &running, [&] {
        const int signal = signals.take();
        if (signal == 0)
            return;
        if (std::exchange(asked, true))
            ::_exit(128 + signal); // asked twice: the store survives that too
        running.drain(0);
    });
    announce(running, settings->config, settings->data, running.startInvite(settings->data), options.json);
    return QCoreApplication::exec();
}

int initialise(const CommonOptions& options)
{
    const auto settings = readSettings(options, DataUse::Make);
    if (!settings.ok())
        return fail(settings.error(), options.json);
    const auto core = ServerCore::open(settings->data, settings->config, [](const Error&) {});
    if (!core.ok())
        return fail(core.error(), options.json);
    std::string fingerprint;
    if (!settings->config.plain) {
        const auto certificate =
            loadOrCreateCertificate(settings->data.path(), certificateNames(settings->config), (*core)->clock().wall());
        if (!certificate.ok())
            return fail(certificate.error(), options.json);
        fingerprint = toHex(certificate->keyFingerprint);
    }
    const auto written = writeFirstConfig(*settings);
    if (!written.ok())
        return fail(written.error(), options.json);
    if (options.json) {
        printJson({{QStringLiteral("type"), QStringLiteral("initialised")},
                   {QStringLiteral("data"), toQt(settings->data.path())},
                   {QStringLiteral("new"), settings->data.isNew()},
                   {QStringLiteral("key"), toQt(fingerprint)}});
    } else {
        printLine("data   " + settings->data.path() + (settings->data.isNew() ? "" : " (was there before)"));
        printLine("key    " + fingerprint);
        printLine("config " + settings->data.config() + (*written ? "" : " (was there before, unchanged)"));
    }
    return static_cast<int>(Exit::Ok);
}

int checkConfigFile(const CommonOptions& options, const std::string& file)
{
    const std::string named = !file.empty() ? file : options.config;
    const std::string data = DataDirectory::wholePath(options.data);
    const std::string path = named.empty() ? DataDirectory::configIn(data) : named;
    const bool defaults = named.empty() && ::access(path.c_str(), F_OK) != 0;
    if (defaults) {
        const auto directory = DataDirectory::open(data);
        if (!directory.ok())
            return fail(directory.error(), options.json);
    } else if (const auto config = readConfig(path); !config.ok()) {
        return fail(config.error(), options.json);
    }
    if (options.json)
        printJson({{QStringLiteral("type"), QStringLiteral("config")},
                   {QStringLiteral("file"), toQt(path)},
                   {QStringLiteral("defaults"), defaults},
                   {QStringLiteral("ok"), true}});
    else
        printLine(path + (defaults ? ": there is none, every key has its default" : ": ok"));
    return static_cast<int>(Exit::Ok);
}

} // namespace kith::server
