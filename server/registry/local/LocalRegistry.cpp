#include "server/registry/local/LocalRegistry.h"

#include <algorithm>
#include <mutex>

namespace kith::server
{

namespace
{

void erase(std::unordered_map<UserId, std::vector<GatewayId>>& users, const UserId& user, const GatewayId& gateway)
{
    const auto at = users.find(user);
    if (at == users.end())
        return;
    std::erase(at->second, gateway);
    if (at->second.empty())
        users.erase(at);
}

} // namespace

void LocalRegistry::renew(GatewayId gateway, Millis lease)
{
    const std::unique_lock lock(mutex_);
    gateways_[gateway].until = clock_.mono() + lease;
}

void LocalRegistry::drop(GatewayId gateway)
{
    const std::unique_lock lock(mutex_);
    const auto at = gateways_.find(gateway);
    if (at == gateways_.end())
        return;
    for (const UserId& user : at->second.users)
        erase(users_, user, gateway);
    gateways_.erase(at);
}

void LocalRegistry::add(UserId user, GatewayId gateway)
{
    const std::unique_lock lock(mutex_);
    if (!gateways_[gateway].users.insert(user).second)
        return;
    std::vector<GatewayId>& held = users_[user];
    held.insert(std::upper_bound(held.begin(), held.end(), gateway), gateway);
}

void LocalRegistry::remove(UserId user, GatewayId gateway)
{
    const std::unique_lock lock(mutex_);
    const auto at = gateways_.find(gateway);
    if (at != gateways_.end() && at->second.users.erase(user) > 0)
        erase(users_, user, gateway);
}

std::vector<GatewayId> LocalRegistry::gatewaysOf(UserId user) const
{
    const std::shared_lock lock(mutex_);
    const auto at = users_.find(user);
    if (at == users_.end())
        return {};
    const MonoTime now = clock_.mono();
    std::vector<GatewayId> live;
    for (const GatewayId& gateway : at->second) {
        const auto entry = gateways_.find(gateway);
        if (entry != gateways_.end() && entry->second.until > now)
            live.push_back(gateway);
    }
    return live;
}

} // namespace kith::server
