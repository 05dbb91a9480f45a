#pragma once
/// Typing and presence: in memory, coalesced, shed first; only the hour of a last visit is stored. Both reach only
/// people with an accepted conversation and without a block, and only where both show their presence. Thread: any; see
/// Caller.h; checks run on the caller's strand, published changes on the strand given to tick().

#include "core/base/Clock.h"
#include "server/chat/Caller.h"
#include "server/domain/Presence.h"

#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

namespace kith::server
{

struct ChatContext;

class Presence
{
public:
    explicit Presence(ChatContext& context) : context_(context) {}

    /// At most one event per Limits::typingInterval, conversation and sender; what comes sooner is dropped without an
    /// error (receivers let it end by themselves). Denied unless the caller is an accepted member.
    void typing(const Caller& caller, LogId log, bool typing, Done<void> done);

    /// This device's own state; Online and Away hold for Limits::presenceLease, renewed by seen().
    void set(const Caller& caller, PresenceState state, Done<void> done);
    /// Heard from the device: its lease is renewed. Cheap; from an event loop too.
    void seen(UserId user, DeviceId device);
    /// Its connection ended: offline, and it watches nobody.
    void gone(const Caller& caller);
    /// Replaces what this device watches, and answers with what is known now, one per user asked for, in order.
    void watch(const Caller& caller, std::vector<UserId> users, Done<std::vector<PresenceView>> done);

    /// Sends what changed since the last tick and lets leases end; `strand` as in Caller. Call it about every
    /// Limits::presenceInterval.
    void tick(Executor& strand);

private:
    using Watcher = std::pair<UserId, DeviceId>;
    struct DeviceState {
        PresenceState state = PresenceState::Offline;
        MonoTime until;
    };
    struct Person {
        std::map<DeviceId, DeviceState> devices;
        std::set<Watcher> watchers;
        PresenceState told = PresenceState::Offline;
    };
    using People = std::unordered_map<UserId, Person>;

    /// Whether this typist may be passed on now; a turn is used up by asking.
    [[nodiscard]] bool takeTurn(LogId log, UserId user);
    [[nodiscard]] PresenceState stateLocked(const Person& person) const;
    [[nodiscard]] Result<PresenceView> viewFor(UserId watcher, UserId subject) const;
    void publish(UserId subject, const std::set<Watcher>& watchers);
    void storeLastSeen(Executor& strand, UserId user);
    void endLeasesLocked();
    void stopWatchingLocked(const Watcher& watcher);
    void forgetIfEmptyLocked(People::iterator person);

    ChatContext& context_;
    mutable std::mutex mutex_;
    People people_;
    std::map<Watcher, std::set<UserId>> watching_;
    std::set<UserId> changed_; ///< Told at the next tick.
    std::map<std::pair<LogId, UserId>, MonoTime> typed_;
};

} // namespace kith::server
