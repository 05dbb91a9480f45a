#pragma once
/// Everything an operator may set, with its default. Plain values; made once at the start (ConfigFile.h), then
/// constant.

#include "core/base/Log.h"
#include "core/protocol/wire/InviteLink.h"
#include "server/domain/Limits.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kith::server
{

struct ServerConfig {
    // [server]
    std::string listenHost = "127.0.0.1";         ///< Address literal; 0.0.0.0 and :: mean every address.
    std::uint16_t listenPort = wire::defaultPort; ///< 0: any free one.
    std::vector<std::string> names;               ///< Host names and addresses people use beside this machine's own.
    bool plain = false;                           ///< No TLS; loopback only.
    bool acceptClock = false;                     ///< Command line alone: the operator vouches for the clock.
    LogLevel logLevel = LogLevel::Info;
    // [registration]
    bool registrationOpen = false; ///< Without an invite.
    bool usersInvite = true;
    // [gateway]
    int loops = 1;   ///< Event loops.
    int strands = 2; ///< Threads for the rules.
    std::size_t maxConnections = 20'000;
    std::size_t connectionsPerAddress = 4000; ///< IPv6: per /64.
    std::size_t unauthenticatedPerAddress = 256;
    bool limitLoopback = false; ///< A proxy or a load test on this machine is one address.
    std::size_t deliveryBudgetMib = 256;
    // [storage]
    std::size_t blockCacheMib = 64;
    std::size_t memtableMib = 32;
    // [retention]
    std::uint32_t hardAgeDays = 30;      ///< An entry's body leaves the server at this age.
    std::uint32_t longestPauseDays = 60; ///< A clock further ahead of when the server last ran is refused.
    // [limits] and [rates]
    Limits limits;
};

} // namespace kith::server
