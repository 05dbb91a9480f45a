#pragma once
/// Tells the gateways that hold the people concerned. Called after the commit, never before it: a hint names only what
/// is durable (mechanisms.md section 2). Thread: any.

#include "server/bus/Bus.h"
#include "server/domain/Conversation.h"
#include "server/domain/Limits.h"
#include "server/registry/Registry.h"
#include "server/storage/Storage.h"

#include <span>

namespace kith::server
{

class Fanout
{
public:
    Fanout(Bus& bus, const Registry& registry, const Limits& limits) : bus_(bus), registry_(registry), limits_(limits)
    {
    }

    /// One event to each gateway that holds any of `users`, once.
    void tell(std::vector<UserId> users, decltype(BusEvent::what) what);
    /// `entries` were committed to `log` as `accepted` says. Rows travel along where they are small.
    void appended(std::vector<UserId> users, LogId log, std::vector<NewEntry> entries,
                  std::span<const Accepted> accepted);

private:
    [[nodiscard]] std::vector<GatewayId> gatewaysOf(std::span<const UserId> users) const;
    void publish(std::span<const GatewayId> gateways, BusEvent event);

    Bus& bus_;
    const Registry& registry_;
    const Limits& limits_;
};

/// Whoever reads the log: members that did not leave.
[[nodiscard]] std::vector<UserId> readersOf(const Conversation& conversation);
/// One mark for each of them.
[[nodiscard]] std::vector<ActivityMark> activityOf(const Conversation& conversation);

} // namespace kith::server
