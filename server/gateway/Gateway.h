#pragma once
/// The server's one port: accepts, and hands each socket to a gateway loop in turn. Rules are behind the strands.
/// Owned by the composition root, which keeps strands and events alive until stop() has returned and the strands have
/// run dry.
///
/// Thread: that of its creator, which needs an event loop.

#include "core/base/Result.h"
#include "server/gateway/GatewayLoop.h"

#include <QTcpServer>

#include <memory>
#include <string>
#include <vector>

namespace kith::server
{

enum class ListenError {
    BadAddress, ///< Not an address of this machine.
    InUse,      ///< Somebody listens there already.
    Denied,     ///< A privileged port.
    Failed,
};

/// Where rules run, and who hears of the connections that live there.
struct Strand {
    Executor* executor = nullptr;
    PeerEvents* events = nullptr;
};

class Gateway
{
public:
    Gateway(const GatewayOptions& options, std::vector<Strand> strands, const Clock& clock, DeliveryBudget& budget);
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// `host`: an address literal, "0.0.0.0" or "::" (which serves IPv4 too). Returns the port, chosen where `port` is
    /// 0.
    [[nodiscard]] Result<std::uint16_t> listen(const std::string& host, std::uint16_t port);
    /// Accepts no more and drops what is still arriving; open connections stay.
    void stopAccepting();
    /// Sockets that are open or arriving.
    [[nodiscard]] std::size_t connections() const { return open_; }
    /// Cuts everything; their events say gone() on the strands.
    void stop();

private:
    class Acceptor;
    void accepted(qintptr descriptor);
    void logRefusal(ByteView address);
    [[nodiscard]] std::shared_ptr<SocketLink> makeLink(Executor& loop);

    const GatewayOptions options_;
    ConnectionCounts counts_;
    const Clock& clock_;
    MonoTime lastRefusal_; ///< That was logged.
    std::vector<Strand> strands_;
    DeliveryBudget& budget_;
    std::atomic<std::size_t> open_{0};
    std::atomic<std::uint64_t> lastConnection_{0};
    std::unique_ptr<Acceptor> acceptor_;
    std::vector<std::unique_ptr<GatewayLoop>> loops_;
    std::size_t nextLoop_ = 0;
};

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::ListenError> {
    static constexpr std::string_view domain = "listen";
    static std::string_view name(server::ListenError code);
    static Remedy remedy(server::ListenError) { return Remedy::AskUser; }
};
} // namespace kith
