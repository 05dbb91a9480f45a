#include "server/config/Names.h"

#include <QHostAddress>
#include <QNetworkInterface>

#include <algorithm>

namespace kith::server
{
namespace
{

/// Of interfaces that are up, without zone.
std::vector<std::string> localAddresses()
{
    std::vector<std::string> out;
    for (QHostAddress address : QNetworkInterface::allAddresses()) {
        address.setScopeId(QString());
        out.push_back(address.toString().toStdString());
    }
    return out;
}

void addOnce(std::vector<std::string>& names, const std::string& name)
{
    if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

bool isEverywhere(const std::string& host)
{
    return host == "0.0.0.0" || host == "::";
}

} // namespace

std::vector<std::string> certificateNames(const ServerConfig& config)
{
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    for (const std::string& address : localAddresses())
        addOnce(names, address);
    for (const std::string& name : config.names)
        addOnce(names, name);
    return names;
}

std::string reachableHost(const ServerConfig& config)
{
    if (!config.names.empty())
        return config.names.front();
    if (!isEverywhere(config.listenHost))
        return config.listenHost;
    std::string ipv6;
    for (const std::string& text : localAddresses()) {
        const QHostAddress address(QString::fromStdString(text));
        if (address.isLoopback() || address.isLinkLocal())
            continue;
        if (address.protocol() == QAbstractSocket::IPv4Protocol)
            return text;
        if (ipv6.empty())
            ipv6 = text;
    }
    return ipv6.empty() ? "127.0.0.1" : ipv6;
}

} // namespace kith::server
