#pragma once
/// The running server: core, strands with their peers, the gateway, the operator's socket, and the order in which these
/// start and end. Owned by the program. Thread: one with an event loop, but for stopRequested().

#include "server/ClockWatch.h"
#include "server/ServerCore.h"
#include "server/admin/AdminServer.h"
#include "server/gateway/Gateway.h"
#include "server/gateway/LoopExecutor.h"
#include "server/gateway/PeerHub.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace kith::server
{

class Server final : public QObject
{
    Q_OBJECT
public:
    /// sysexits.h's EX_IOERR: the storage failed and the process ended itself.
    static constexpr int storageFailed = 74;
    static constexpr int clockRefused = 4;  ///< The machine's clock jumped further than any pause explains.
    static constexpr Millis drainFor{5000}; ///< Connections that did not leave by then are cut.
    static constexpr Millis earliestReturn{200};
    static constexpr Millis shortestSpread{1500};        ///< Over which clients are asked to come back.
    static constexpr std::size_t returnsPerSecond = 500; ///< More connections are spread over a longer time.

    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const DataDirectory& data, const ServerConfig& config);
    ~Server() override;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// The link that carries `token`.
    [[nodiscard]] std::string inviteLink(const std::string& token) const;
    /// The link for the first person (StartInvite.h); empty once somebody is registered, and where the storage fails.
    [[nodiscard]] std::string startInvite(const DataDirectory& data);

    /// Says goodbye to everybody, waits for them, and quits the event loop with `exitCode`.
    void drain(int exitCode);

private:
    struct RuleStrand {
        ThreadExecutor executor;
        std::unique_ptr<PeerHub> hub;
    };

    explicit Server(const ServerConfig& config);
    [[nodiscard]] Result<void> open(const DataDirectory& data);
    [[nodiscard]] Result<void> openGateway(const DataDirectory& data);
    void tick();
    void watchClock();
    void trim();
    void waitForPeers();
    void finish();

    const ServerConfig config_;
    LoopExecutor loop_;
    std::unique_ptr<ServerCore> core_;
    std::optional<ClockWatch> clockWatch_;
    ClockWatch::Verdict clockVerdict_ = ClockWatch::Verdict::Trusted;
    WallTime keptSeen_;
    DeviceDirectory devices_;
    DeliveryBudget budget_;
    std::vector<std::unique_ptr<RuleStrand>> strands_;
    std::unique_ptr<Gateway> gateway_;
    std::unique_ptr<AdminCommands> commands_;
    std::unique_ptr<AdminServer> admin_;
    Bytes keyFingerprint_;
    std::uint16_t port_ = 0;
    QTimer tick_;
    QTimer trim_;
    QTimer drainWatch_;
    MonoTime drainUntil_;
    bool draining_ = false;
    int exitCode_ = 0;
};

} // namespace kith::server
