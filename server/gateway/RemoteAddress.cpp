#include "server/gateway/RemoteAddress.h"

#include <sys/socket.h>

#include <cstring>

namespace kith::server
{
namespace
{

/// Listening on every address, IPv4 comes as ::ffff:192.0.2.1.
QHostAddress unmapped(const QHostAddress& address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    return isIpv4 ? QHostAddress(ipv4) : address;
}

} // namespace

QHostAddress remoteAddress(qintptr descriptor)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    return ::getpeername(static_cast<int>(descriptor), address, &size) == 0 ? QHostAddress(address) : QHostAddress();
}

Bytes addressKey(const QHostAddress& address)
{
    QHostAddress plain = unmapped(address);
    if (plain.protocol() != QAbstractSocket::IPv6Protocol)
        return plain.toString().toStdString();
    Q_IPV6ADDR octets = plain.toIPv6Address();
    std::memset(octets.c + 8, 0, 8);
    return QHostAddress(octets).toString().toStdString() + "/64";
}

bool isLoopback(const QHostAddress& address)
{
    return unmapped(address).isLoopback();
}

} // namespace kith::server
