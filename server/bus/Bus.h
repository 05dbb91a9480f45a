#pragma once
/// The bus port: how whoever changes something tells the gateways that hold the people concerned. Nothing on it is
/// needed for correctness: messages may be lost or doubled, and numbering plus the gateways' idle check bound the delay
/// (mechanisms.md section 2). Implementations: local/ (one process); a lossy twin serves simulation.
///
/// Invariants:
///  1. Messages from one node to one gateway are numbered 1, 2, 3 ... from the gateway's subscription on, lost ones
///     included: a receiver sees every loss but the last as a gap.
///  2. What is not lost arrives in the order of its numbers, each on the gateway's executor.
///  3. A gateway that does not keep up loses messages; the publisher never waits and memory stays bounded.
///
/// Thread: publish() from any; subscribe() and unsubscribe() on the gateway's own executor.

#include "core/base/Executor.h"
#include "server/domain/Entry.h"
#include "server/domain/Gateway.h"
#include "server/domain/Marks.h"
#include "server/domain/Presence.h"

#include <functional>
#include <memory>
#include <variant>

namespace kith::server
{

/// "Log reached `to`." `rows` are entries from..to where they are small (Limits::hintRows), else empty: then read.
struct Hint {
    LogId log;
    Generation generation;
    Seq from;
    Seq to;
    std::vector<Entry> rows; ///< With all envelopes: the gateway picks the reading device's.
};
/// Receipt marks of a conversation as its other members may see them.
struct MarksMoved {
    LogId log;
    Generation generation;
    LogMarks marks;
};
/// To connections of the named users that have `log` in focus, and to nobody else.
struct TypingSeen {
    LogId log;
    UserId user;
    bool typing = false;
};
struct PresenceSeen {
    PresenceView presence;
};
/// The device left the account: close its connections, refuse its tokens.
struct DeviceRevoked {
    DeviceId device;
};
/// To this device of the one user named.
struct KeysRunLow {
    DeviceId device;
    std::uint32_t oneTimePreKeys = 0;
};
/// To all devices of the one user named but `device`: somebody cannot open an entry that this user wrote.
struct ResendWanted {
    LogId log;
    Generation generation;
    Seq seq;
    UserId user; ///< Who asks.
    DeviceId device;
    Bytes incarnation;
};

struct BusEvent {
    std::vector<UserId> users; ///< Whose connections it concerns.
    std::variant<Hint, MarksMoved, TypingSeen, PresenceSeen, DeviceRevoked, KeysRunLow, ResendWanted> what;
};

struct BusMessage {
    NodeId node; ///< Who published.
    std::uint64_t number = 0;
    std::shared_ptr<const BusEvent> event;
};

class Bus
{
public:
    using Receiver = std::function<void(const BusMessage&)>;

    virtual ~Bus() = default;
    /// Messages for `gateway` run `receiver` on `executor`; a second call replaces the first and restarts numbering.
    virtual void subscribe(GatewayId gateway, Executor& executor, Receiver receiver) = 0;
    /// After it returns the receiver is not called any more.
    virtual void unsubscribe(GatewayId gateway) = 0;
    /// To a gateway that nobody subscribed: dropped.
    virtual void publish(GatewayId to, std::shared_ptr<const BusEvent> event) = 0;
};

} // namespace kith::server
