#include "server/gateway/Gateway.h"

#include "core/base/Log.h"
#include "server/gateway/RemoteAddress.h"

#include <QHostAddress>
#include <QTimer>

#include <unistd.h>

namespace kith::server
{

namespace
{

constexpr Millis refusalsLoggedEvery{10'000};

} // namespace

class Gateway::Acceptor final : public QTcpServer
{
public:
    explicit Acceptor(Gateway& gateway) : gateway_(gateway)
    {
        setListenBacklogSize(1024);
        // Out of descriptors: Qt stops accepting; those who wait in the backlog get their turn when some are free.
        connect(this, &QTcpServer::acceptError, this, [this] {
            log(LogLevel::Warning, "accept_failed", {{"reason", std::string_view("out of file descriptors?")}});
            QTimer::singleShot(500, this, [this] { resumeAccepting(); });
        });
    }

protected:
    void incomingConnection(qintptr descriptor) override { gateway_.accepted(descriptor); }

private:
    Gateway& gateway_;
};

Gateway::Gateway(const GatewayOptions& options, std::vector<Strand> strands, const Clock& clock, DeliveryBudget& budget)
    : options_(options), counts_(options.connections), clock_(clock), strands_(std::move(strands)), budget_(budget),
      acceptor_(std::make_unique<Acceptor>(*this))
{
    for (int i = 0; i < options_.loops; ++i)
        loops_.push_back(std::make_unique<GatewayLoop>(
            options_, clock, [this](Executor& loop) { return makeLink(loop); }, open_));
}

Gateway::~Gateway()
{
    stop();
}

Result<std::uint16_t> Gateway::listen(const std::string& host, std::uint16_t port)
{
    QHostAddress address(QString::fromStdString(host));
    const std::string where =
        (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
    if (address.isNull())
        return Error::make(ListenError::BadAddress, host + " is not an IP address");
    if (address == QHostAddress(QHostAddress::AnyIPv6))
        address = QHostAddress(QHostAddress::Any);
    if (acceptor_->listen(address, port))
        return acceptor_->serverPort();
    switch (acceptor_->serverError()) {
    case QAbstractSocket::AddressInUseError:
        return Error::make(ListenError::InUse, where + " is in use by another program");
    case QAbstractSocket::SocketAddressNotAvailableError:
        return Error::make(ListenError::BadAddress, host + " is not an address of this machine");
    case QAbstractSocket::SocketAccessError:
        return Error::make(ListenError::Denied, where + " may not be opened by this user; take a port above 1023");
    default:
        return Error::make(ListenError::Failed, where + " cannot be opened: " + acceptor_->errorString().toStdString());
    }
}

void Gateway::accepted(qintptr descriptor)
{
    const QHostAddress remote = remoteAddress(descriptor);
    const Bytes address = addressKey(remote);
    const bool exempt = isLoopback(remote) && !options_.limitLoopback;
    auto ticket = counts_.enter(exempt ? ByteView() : ByteView(address));
    if (ticket == nullptr || ticket->refused())
        logRefusal(address);
    if (ticket == nullptr) {
        ::close(static_cast<int>(descriptor));
        return;
    }
    ++open_;
    loops_[nextLoop_++ % loops_.size()]->adopt({descriptor, address, std::move(ticket)});
}

/// For the operator, who may have set a limit too low; seldom, because whoever is refused can come often.
void Gateway::logRefusal(ByteView address)
{
    const MonoTime now = clock_.mono();
    if (lastRefusal_ != MonoTime{} && now - lastRefusal_ < refusalsLoggedEvery)
        return;
    lastRefusal_ = now;
    log(LogLevel::Warning, "connection_refused",
        {{"address", hashed(address)}, {"open", static_cast<std::int64_t>(open_)}});
}

std::shared_ptr<SocketLink> Gateway::makeLink(Executor& loop)
{
    const std::uint64_t number = ++lastConnection_;
    const Strand& strand = strands_[number % strands_.size()];
    return std::make_shared<SocketLink>(ConnectionId(number), loop, *strand.executor, *strand.events, budget_);
}

void Gateway::stopAccepting()
{
    acceptor_->close();
    for (const auto& loop : loops_)
        loop->drain();
}

void Gateway::stop()
{
    acceptor_->close();
    for (const auto& loop : loops_)
        loop->stop();
}

} // namespace kith::server

namespace kith
{

std::string_view ErrorTraits<server::ListenError>::name(server::ListenError code)
{
    switch (code) {
    case server::ListenError::BadAddress:
        return "bad_address";
    case server::ListenError::InUse:
        return "in_use";
    case server::ListenError::Denied:
        return "denied";
    case server::ListenError::Failed:
        return "failed";
    }
    return "failed";
}

} // namespace kith
