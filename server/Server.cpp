#include "server/Server.h"

#include "core/base/Log.h"
#include "server/SeenTime.h"
#include "server/StartInvite.h"
#include "server/config/Names.h"
#include "server/gateway/ServerCertificate.h"

#include <QCoreApplication>

#include <sys/resource.h>

#include <algorithm>

namespace kith::server
{
namespace
{

constexpr std::size_t trimLogsAtOnce = 256;
constexpr int trimEveryMs = 60'000;
constexpr std::size_t descriptorsForOurselves = 640; ///< Store, log, own sockets, those told to go.
constexpr std::chrono::hours keepSeenEvery{1};

/// As many descriptors as the system allows this process; connections are limited to what they carry.
std::size_t raiseDescriptorLimit(std::size_t wanted)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return wanted;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted + descriptorsForOurselves);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted + descriptorsForOurselves)
        return wanted;
    const std::size_t fits =
        limit.rlim_cur > 2 * descriptorsForOurselves ? limit.rlim_cur - descriptorsForOurselves : limit.rlim_cur / 2;
    log(fits < 1000 ? LogLevel::Warning : LogLevel::Info, "few_descriptors",
        {{"connections", static_cast<std::int64_t>(fits)}, {"wanted", static_cast<std::int64_t>(wanted)}});
    return fits;
}

} // namespace

Server::Server(const ServerConfig& config) : config_(config), budget_(config.deliveryBudgetMib << 20) {}

Server::~Server()
{
    tick_.stop();
    trim_.stop();
    admin_.reset();
    if (gateway_)
        gateway_->stop(); // gone() of every connection is posted to its strand
    for (const auto& strand : strands_) {
        strand->executor.post([hub = strand->hub.get()] { hub->stop(); });
        strand->executor.stop();
    }
    if (core_)
        core_->stop();
    strands_.clear(); // peers, and with them their links, before the loops that these post to
    gateway_.reset();
    commands_.reset();
    core_.reset();
}

Result<std::unique_ptr<Server>> Server::start(const DataDirectory& data, const ServerConfig& config)
{
    std::unique_ptr<Server> server(new Server(config));
    KITH_CHECK(server->open(data));
    return server;
}

Result<void> Server::open(const DataDirectory& data)
{
    KITH_TRY(core_, ServerCore::open(
                        data, config_,
                        [this](const Error&) {
                            loop_.post([this] { drain(storageFailed); }); // the storage has logged why, in words
                        },
                        [this](ServerCore& core) -> Result<void> {
                            KITH_TRY(auto seen, seenTime(core.storage()));
                            if (config_.acceptClock)
                                seen.reset();
                            KITH_CHECK(ClockWatch::check(core.clock().wall(), seen, longestPause(config_)));
                            clockWatch_.emplace(core.clock(), seen, longestPause(config_));
                            return {};
                        }));
    for (int i = 0; i < config_.strands; ++i) {
        auto strand = std::make_unique<RuleStrand>();
        PeerServices services{core_->chat(),
                              core_->clock(),
                              core_->random(),
                              strand->executor,
                              devices_,
                              budget_,
                              {core_->serverId(), config_.registrationOpen, config_.limits}};
        strand->hub = std::make_unique<PeerHub>(std::move(services), core_->bus(), core_->registry());
        strand->executor.post([hub = strand->hub.get()] { hub->start(); });
        strands_.push_back(std::move(strand));
    }
    KITH_CHECK(openGateway(data));
    commands_ = std::make_unique<AdminCommands>(core_->chat(), core_->jobs(),
                                                [this](const std::string& token) { return inviteLink(token); });
    admin_ = std::make_unique<AdminServer>(*commands_, loop_);
    KITH_CHECK(admin_->listen(data.path()));

    connect(&tick_, &QTimer::timeout, this, [this] { tick(); });
    tick_.start(1000);
    watchClock();
    trim();
    connect(&trim_, &QTimer::timeout, this, [this] { trim(); });
    trim_.start(trimEveryMs);
    connect(&drainWatch_, &QTimer::timeout, this, [this] { waitForPeers(); });
    return {};
}

Result<void> Server::openGateway(const DataDirectory& data)
{
    GatewayOptions options;
    options.loops = config_.loops;
    options.strands = config_.strands;
    options.connections.all = static_cast<std::int64_t>(raiseDescriptorLimit(config_.maxConnections));
    options.connections.ofAddress = static_cast<std::int64_t>(config_.connectionsPerAddress);
    options.connections.unknownOfAddress = static_cast<std::int64_t>(config_.unauthenticatedPerAddress);
    options.limitLoopback = config_.limitLoopback;
    options.deliveryBudget = config_.deliveryBudgetMib << 20;
    if (!config_.plain) {
        KITH_TRY(const auto certificate,
                 loadOrCreateCertificate(data.path(), certificateNames(config_), core_->clock().wall()));
        keyFingerprint_ = certificate.keyFingerprint;
        QSslConfiguration tls;
        tls.setLocalCertificate(certificate.certificate);
        tls.setPrivateKey(certificate.key);
        tls.setProtocol(QSsl::TlsV1_2OrLater);
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        options.tls = tls;
    }
    std::vector<Strand> strands;
    for (const auto& strand : strands_)
        strands.push_back({&strand->executor, strand->hub.get()});
    gateway_ = std::make_unique<Gateway>(options, std::move(strands), core_->clock(), budget_);
    KITH_TRY(port_, gateway_->listen(config_.listenHost, config_.listenPort));
    return {};
}

std::string Server::inviteLink(const std::string& token) const
{
    wire::InviteLink link;
    link.host = reachableHost(config_);
    link.port = port_;
    link.token = token;
    link.serverKey = keyFingerprint_;
    link.plain = config_.plain;
    return wire::formatInviteLink(link);
}

std::string Server::startInvite(const DataDirectory& data)
{
    const auto made = newStartInvite(core_->chat().accounts, core_->jobs(), data);
    if (!made.ok())
        log(LogLevel::Warning, "no_start_invite", {{"reason", std::string_view(made.error().detail)}});
    return made.ok() && *made ? inviteLink(**made) : std::string();
}

void Server::tick()
{
    watchClock();
    core_->chat().tick();
    for (const auto& strand : strands_)
        strand->executor.post([hub = strand->hub.get()] { hub->tick(); });
}

void Server::watchClock()
{
    using Judged = ClockWatch::Verdict;
    const auto verdict = clockWatch_->observe();
    if (verdict != std::exchange(clockVerdict_, verdict)) {
        if (verdict == Judged::Trusted)
            log(LogLevel::Info, "clock_trusted");
        else if (verdict == Judged::Suspected)
            log(LogLevel::Warning, "clock_suspected",
                {{"reason", std::string_view("The clock is more than a day ahead of when the server last ran. Nothing "
                                             "is let go by its age until it has run steadily for seven days. If it is "
                                             "right, start once with --accept-clock.")}});
        else
            log(LogLevel::Error, "clock_refused",
                {{"reason", std::string_view("The clock jumped ahead, further than any pause explains. The server ends "
                                             "so that messages get no wrong times. Set the clock and start again.")}});
        if (verdict == Judged::Refused)
            drain(clockRefused);
    }
    if (const WallTime seen = clockWatch_->seen(); verdict == Judged::Trusted && seen - keptSeen_ >= keepSeenEvery) {
        keptSeen_ = seen;
        keepSeenTime(core_->storage(), seen);
    }
}

void Server::trim()
{
    if (clockVerdict_ != ClockWatch::Verdict::Trusted)
        return;
    const WallTime before = core_->clock().wall() - std::chrono::hours(24 * config_.hardAgeDays);
    core_->storage().trim(before, trimLogsAtOnce, [this](const Result<std::size_t>& left) {
        if (left.ok() && *left > 0)
            loop_.post([this] { trim(); });
    });
}

void Server::drain(int exitCode)
{
    exitCode_ = std::max(exitCode_, exitCode);
    if (std::exchange(draining_, true))
        return;
    const std::size_t open = gateway_->connections();
    log(LogLevel::Info, "draining", {{"connections", static_cast<std::int64_t>(open)}});
    admin_->close();
    gateway_->stopAccepting();
    const Millis spread = std::max(shortestSpread, Millis{static_cast<std::int64_t>(open * 1000 / returnsPerSecond)});
    for (const auto& strand : strands_)
        strand->executor.post([hub = strand->hub.get(), spread] { hub->drain(earliestReturn, spread); });
    drainUntil_ = core_->clock().mono() + drainFor;
    drainWatch_.start(20);
}

void Server::waitForPeers()
{
    if (gateway_->connections() > 0 && core_->clock().mono() < drainUntil_)
        return;
    drainWatch_.stop();
    finish();
}

void Server::finish()
{
    gateway_->stop();
    const auto flushed = core_->flush();
    if (!flushed.ok() && exitCode_ == 0) {
        log(LogLevel::Error, "flush_failed", {{"reason", std::string_view(flushed.error().detail)}});
        exitCode_ = storageFailed;
    }
    log(LogLevel::Info, "stopped", {{"code", static_cast<std::int64_t>(exitCode_)}});
    QCoreApplication::exit(exitCode_);
}

} // namespace kith::server
