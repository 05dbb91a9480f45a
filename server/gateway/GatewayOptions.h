#pragma once
/// What the gateway is told by the configuration. Plain values; outlive the gateway's loops unchanged.

#include "core/base/Clock.h"
#include "core/protocol/wire/Limits.h"
#include "server/limits/ConnectionCounts.h"

#include <QSslConfiguration>

#include <cstddef>
#include <optional>

namespace kith::server
{

struct GatewayOptions {
    int loops = 1;                        ///< Event loops, each with its own thread.
    int strands = 1;                      ///< Threads for the rules.
    std::optional<QSslConfiguration> tls; ///< None: plain, for loopback only.
    ConnectionLimits connections;         ///< More are told to come back later.
    bool limitLoopback = false;           ///< Limits by address hold for this machine's own addresses too.
    Millis comeBackAfter{5000};           ///< For a connection that found no place.
    std::size_t maxHead = wire::maxRequestHead;
    Millis headTimeout{wire::requestHeadMs}; ///< TLS handshake included.
    std::size_t maxFrame = wire::maxFrame;
    std::size_t maxFirstFrame = 64U << 10; ///< Of a connection that has not signed in: a registration fits.
    std::size_t socketBuffer = 64U << 10;  ///< Octets handed to a socket ahead of the network.
    Millis closeTimeout{5000};             ///< For the other end to answer a close.
    std::size_t deliveryBudget = 256U << 20;
};

} // namespace kith::server
