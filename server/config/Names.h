#pragma once
/// Under which names this server is reached: what its certificate covers and what its invite links say. Thread: any.

#include "server/config/ServerConfig.h"

#include <string>
#include <vector>

namespace kith::server
{

/// localhost, every address of this machine, and the operator's names.
[[nodiscard]] std::vector<std::string> certificateNames(const ServerConfig& config);
/// Where others reach a server that listens as configured: the operator's first name, else the address that is listened
/// on, else (every address) one of this machine that is not loopback, IPv4 first.
[[nodiscard]] std::string reachableHost(const ServerConfig& config);

} // namespace kith::server
