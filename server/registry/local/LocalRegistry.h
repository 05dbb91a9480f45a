#pragma once
/// The registry of one process, in memory. Thread: any.

#include "server/registry/Registry.h"

#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

namespace kith::server
{

class LocalRegistry final : public Registry
{
public:
    explicit LocalRegistry(const Clock& clock) : clock_(clock) {}

    void renew(GatewayId gateway, Millis lease) override;
    void drop(GatewayId gateway) override;
    void add(UserId user, GatewayId gateway) override;
    void remove(UserId user, GatewayId gateway) override;
    [[nodiscard]] std::vector<GatewayId> gatewaysOf(UserId user) const override;

private:
    struct Gateway {
        MonoTime until;
        std::unordered_set<UserId> users;
    };

    const Clock& clock_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<GatewayId, Gateway> gateways_;
    std::unordered_map<UserId, std::vector<GatewayId>> users_; ///< Sorted; few each.
};

} // namespace kith::server
