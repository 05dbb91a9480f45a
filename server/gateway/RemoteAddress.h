#pragma once
/// The other end's address as limits count it. Thread: any.

#include "core/base/Bytes.h"

#include <QHostAddress>

namespace kith::server
{

/// Of a connected socket; null where the connection is gone already.
[[nodiscard]] QHostAddress remoteAddress(qintptr descriptor);
/// What counts as one address: an IPv4 address, however written, and the /64 network of an IPv6 one, which any
/// household has to itself.
[[nodiscard]] Bytes addressKey(const QHostAddress& address);
/// Of this machine, IPv4 in IPv6 too.
[[nodiscard]] bool isLoopback(const QHostAddress& address);

} // namespace kith::server
