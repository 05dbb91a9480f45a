#include "server/chat/presence/Presence.h"

#include "server/chat/ChatContext.h"
#include "server/chat/Rule.h"

#include <algorithm>

namespace kith::server
{

namespace
{

constexpr std::size_t typedKept = 100'000; ///< Recent typists; above it old ones are dropped at the next tick.

bool isHere(PresenceState state)
{
    return state == PresenceState::Online || state == PresenceState::Away;
}

Result<bool> showsPresence(const ChatContext& context, UserId user)
{
    KITH_TRY(const auto account, load<Account>(context.storage, accountKey(user)));
    return account && account->value.showPresence;
}

/// At most once an hour, and only the hour.
Decision<Unit> storeHourOnce(const ChatContext& context, UserId user, std::uint64_t hour)
{
    KITH_TRY(auto account, load<Account>(context.storage, accountKey(user)));
    if (!account || account->value.lastSeenHour >= hour)
        return answer(Unit{});
    account->value.lastSeenHour = hour;
    Transaction transaction{bucketOf(user.view()), {}, {}, {}};
    transaction.expects.push_back({accountKey(user), account->version});
    transaction.writes.push_back({accountKey(user), encode(account->value)});
    return commit(std::move(transaction));
}

} // namespace

void Presence::typing(const Caller& caller, LogId log, bool typing, Done<void> done)
{
    caller.strand->post([this, caller, log, typing, done = std::move(done)] {
        const auto pass = [&]() -> Result<void> {
            KITH_TRY(const DirectView view, membership(context_, log, caller.user));
            const Conversation& conversation = view.conversation->value;
            if (conversation.type != LogType::Direct || view.own->state != MemberState::Accepted)
                return refused(ChatError::Denied, "Accept the message request first.");
            if (conversation.members.size() > context_.limits.ephemeralMembers || !mayExchange(view))
                return {};
            if (!takeTurn(log, caller.user))
                return {};
            KITH_TRY(const bool shows, showsPresence(context_, caller.user));
            std::vector<UserId> users;
            for (const Member& member : conversation.members) {
                KITH_TRY(const bool sees, showsPresence(context_, member.user));
                if (member.user != caller.user && sees && shows)
                    users.push_back(member.user);
            }
            if (!users.empty())
                context_.fanout.tell(std::move(users), TypingSeen{log, caller.user, typing});
            return {};
        };
        const Result<void> result = pass();
        done(result.ok() ? Result<void>() : Result<void>(asChatError(result.error())));
    });
}

bool Presence::takeTurn(LogId log, UserId user)
{
    const MonoTime now = context_.clock.mono();
    const std::lock_guard lock(mutex_);
    const auto [at, first] = typed_.try_emplace({log, user}, now);
    if (!first && now - at->second < context_.limits.typingInterval)
        return false;
    at->second = now;
    return true;
}

void Presence::set(const Caller& caller, PresenceState state, Done<void> done)
{
    if (!isHere(state) && state != PresenceState::Offline) {
        caller.strand->post(
            [done = std::move(done)] { done(refused(ChatError::Invalid, "A device is online, away or offline.")); });
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        people_[caller.user].devices[caller.device] = {state, context_.clock.mono() + context_.limits.presenceLease};
        changed_.insert(caller.user);
    }
    caller.strand->post([this, caller, done = std::move(done)]() mutable {
        storeLastSeen(*caller.strand, caller.user);
        done({});
    });
}

void Presence::seen(UserId user, DeviceId device)
{
    const std::lock_guard lock(mutex_);
    const auto person = people_.find(user);
    if (person == people_.end())
        return;
    if (const auto at = person->second.devices.find(device); at != person->second.devices.end())
        at->second.until = context_.clock.mono() + context_.limits.presenceLease;
}

void Presence::gone(const Caller& caller)
{
    {
        const std::lock_guard lock(mutex_);
        stopWatchingLocked({caller.user, caller.device});
        if (const auto person = people_.find(caller.user); person != people_.end()) {
            person->second.devices.erase(caller.device);
            changed_.insert(caller.user);
        }
    }
    caller.strand->post([this, caller] { storeLastSeen(*caller.strand, caller.user); });
}

void Presence::watch(const Caller& caller, std::vector<UserId> users, Done<std::vector<PresenceView>> done)
{
    caller.strand->post([this, caller, users = std::move(users), done = std::move(done)] {
        if (users.size() > context_.limits.presenceUsers)
            return done(refused(ChatError::TooLarge, "At most " + std::to_string(context_.limits.presenceUsers) +
                                                         " people are watched at once."));
        if (const Result<void> listed = stillListed(context_, caller); !listed.ok())
            return done(asChatError(listed.error()));
        const Watcher watcher{caller.user, caller.device};
        {
            const std::lock_guard lock(mutex_);
            stopWatchingLocked(watcher);
            for (const UserId& user : users) {
                people_[user].watchers.insert(watcher);
                watching_[watcher].insert(user);
            }
        }
        std::vector<PresenceView> views;
        for (const UserId& user : users) {
            Result<PresenceView> view = viewFor(caller.user, user);
            if (!view.ok())
                return done(asChatError(view.error()));
            views.push_back(*view);
        }
        done(std::move(views));
    });
}

PresenceState Presence::stateLocked(const Person& person) const
{
    const MonoTime now = context_.clock.mono();
    PresenceState state = PresenceState::Offline;
    for (const auto& [device, at] : person.devices) {
        if (at.until <= now || !isHere(at.state))
            continue;
        if (at.state == PresenceState::Online)
            return PresenceState::Online;
        state = PresenceState::Away;
    }
    return state;
}

Result<PresenceView> Presence::viewFor(UserId watcher, UserId subject) const
{
    PresenceView view{subject, PresenceState::Unknown, 0};
    const Result<DirectView> direct = membership(context_, context_.directLogOf(watcher, subject), watcher);
    if (!direct.ok())
        return direct.error().is(ChatError::NotFound) ? Result(view) : Result<PresenceView>(direct.error());
    if (!mayExchange(*direct))
        return view;
    KITH_TRY(const bool sees, showsPresence(context_, watcher));
    KITH_TRY(const auto account, load<Account>(context_.storage, accountKey(subject)));
    if (!sees || !account || !account->value.showPresence)
        return view;
    const std::lock_guard lock(mutex_);
    const auto person = people_.find(subject);
    view.state = person == people_.end() ? PresenceState::Offline : stateLocked(person->second);
    view.lastSeenHour = account->value.lastSeenHour;
    return view;
}

void Presence::tick(Executor& strand)
{
    strand.post([this] {
        std::vector<std::pair<UserId, std::set<Watcher>>> moved;
        {
            const std::lock_guard lock(mutex_);
            endLeasesLocked();
            for (const UserId& user : std::exchange(changed_, {})) {
                const auto person = people_.find(user);
                if (person == people_.end())
                    continue;
                const PresenceState state = stateLocked(person->second);
                if (std::exchange(person->second.told, state) != state)
                    moved.emplace_back(user, person->second.watchers);
                forgetIfEmptyLocked(person);
            }
        }
        for (const auto& [user, watchers] : moved)
            publish(user, watchers);
    });
}

void Presence::endLeasesLocked()
{
    const MonoTime now = context_.clock.mono();
    for (auto& [user, person] : people_) {
        const auto ended = std::erase_if(person.devices, [&](const auto& item) { return item.second.until <= now; });
        if (ended > 0)
            changed_.insert(user);
    }
    if (typed_.size() > typedKept)
        std::erase_if(typed_, [&](const auto& item) { return now - item.second >= context_.limits.typingInterval; });
}

void Presence::publish(UserId subject, const std::set<Watcher>& watchers)
{
    std::set<UserId> users;
    for (const auto& [user, device] : watchers)
        users.insert(user);
    for (const UserId& user : users) {
        // Asked anew for each: a block or a privacy switch since the subscription counts at once.
        const Result<PresenceView> view = viewFor(user, subject);
        if (view.ok() && view->state != PresenceState::Unknown)
            context_.fanout.tell({user}, PresenceSeen{*view});
    }
}

void Presence::storeLastSeen(Executor& strand, UserId user)
{
    const std::uint64_t hour = context_.hourNow();
    runRule<Unit>(
        context_.storage, strand, [this, user, hour] { return storeHourOnce(context_, user, hour); },
        [](const Result<Unit>&) {});
}

void Presence::stopWatchingLocked(const Watcher& watcher)
{
    const auto watched = watching_.find(watcher);
    if (watched == watching_.end())
        return;
    for (const UserId& user : watched->second) {
        const auto person = people_.find(user);
        if (person == people_.end())
            continue;
        person->second.watchers.erase(watcher);
        forgetIfEmptyLocked(person);
    }
    watching_.erase(watched);
}

void Presence::forgetIfEmptyLocked(People::iterator person)
{
    if (person->second.devices.empty() && person->second.watchers.empty() && !changed_.contains(person->first))
        people_.erase(person);
}

} // namespace kith::server
