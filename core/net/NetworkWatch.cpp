#include "core/net/NetworkWatch.h"

#include <QNetworkInformation>
#include <QNetworkInterface>

namespace kith::net
{
namespace
{

constexpr std::chrono::milliseconds lookEvery{1000};

QSet<QString> reachableAddresses()
{
    QSet<QString> found;
    for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
        const auto flags = interface.flags();
        if (!flags.testFlag(QNetworkInterface::IsUp) || !flags.testFlag(QNetworkInterface::IsRunning) ||
            flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        const auto entries = interface.addressEntries();
        for (const QNetworkAddressEntry& entry : entries)
            if (!entry.ip().isLinkLocal())
                found.insert(entry.ip().toString());
    }
    return found;
}

} // namespace

NetworkWatch::NetworkWatch(Receiver receiver, QObject* parent)
    : QObject(parent), receiver_(std::move(receiver)), addresses_(reachableAddresses())
{
    timer_.setTimerType(Qt::CoarseTimer);
    timer_.setInterval(lookEvery);
    connect(&timer_, &QTimer::timeout, this, &NetworkWatch::look);
    timer_.start();
    if (QNetworkInformation::loadBackendByFeatures(QNetworkInformation::Feature::Reachability))
        connect(QNetworkInformation::instance(), &QNetworkInformation::reachabilityChanged, this, &NetworkWatch::look);
}

void NetworkWatch::look()
{
    const QSet<QString> now = reachableAddresses();
    if (now == addresses_)
        return;
    addresses_ = now;
    if (now.isEmpty())
        receiver_.down();
    else
        receiver_.up();
}

} // namespace kith::net
