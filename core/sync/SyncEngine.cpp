#include "core/sync/SyncEngine.h"

namespace kith
{

SyncEngine::SyncEngine(SyncContext& context, Events events)
    : context_(context), events_(std::move(events)), directory_(context),
      system_(context, {[this](LogId log) {
                            catchUp_.fetch(log);
                            if (context_.online())
                                meetStrangers([this] { announce(); });
                        },
                        [this] { directory_.fetch(context_.account.user, [](const Result<bool>&) {}); }}),
      receipts_(context),
      inbox_(context, directory_, system_,
             {[this](LogId) { receipts_.schedule(); }, [this](LogId log) { catchUp_.fetch(log); },
              [this](LogId) { resend_.ask(); }, [this](const Error& error) { events_.broken(error); }}),
      catchUp_(context, inbox_, receipts_,
               {[this] { confirmed(); }, [this] { oldCopy(); }, [this] { caughtUp(); },
                [this](LogId log) { outbox_.caughtUp(log); }, [this](const Error& error) { events_.broken(error); }}),
      outbox_(context, directory_, {[this](LogId log) { catchUp_.fetch(log); }}), keys_(context),
      people_(context, directory_), invites_(context), resend_(context, directory_, outbox_),
      deadlines_(context, [this] { receipts_.schedule(); })
{
    directory_.onDeviceAdded([this](const DeviceAddress& device) { inbox_.retryFrom(device); });
    context_.connection.onChanged([this](const net::ConnectionFact& fact) { changed(fact); });
    context_.connection.onReady([this](const wire::AuthenticateResponse& answer) { ready(answer); });
    net::ServerEvents server;
    server.entries = [this](const wire::Entries& entries) { catchUp_.received(entries); };
    server.marks = [this](const wire::Marks& marks) {
        if (const auto kept = receipts_.received(marks); !kept)
            events_.broken(kept.error());
    };
    server.ephemeral = [this](const wire::Ephemeral& state) { ephemeral(state); };
    server.keysLow = [this](const wire::KeysLow& low) {
        keysLeft_ = low.one_time_prekeys();
        if (context_.positionsConfirmed)
            confirmed();
    };
    server.resendWanted = [this](const wire::ResendWanted& wanted) { resend_.wanted(wanted); };
    context_.connection.onEvents(std::move(server));
}

void SyncEngine::changed(const net::ConnectionFact&)
{
    const bool connected = context_.connected();
    if (connected == connected_)
        return;
    connected_ = connected;
    if (connected)
        return deadlines_.connected();
    deadlines_.disconnected();
    outbox_.disconnected();
    inbox_.disconnected();
    catchUp_.disconnected();
    receipts_.disconnected();
}

void SyncEngine::ready(const wire::AuthenticateResponse& answer)
{
    if (const auto log = LogId::fromBytes(answer.account_log()))
        context_.account.accountLog = *log;
    outbox_.disconnected(); // what a crash left as sent goes again
    if (!std::exchange(updateTried_, true))
        inbox_.retryUpdated();
    keysLeft_ = answer.one_time_prekeys();
    receipts_.connected();
    catchUp_.ready();
}

/// Not before: an old copy would give out key numbers that it has used.
void SyncEngine::confirmed()
{
    if (const auto left = std::exchange(keysLeft_, std::nullopt))
        keys_.check(*left);
}

/// What the person reads as long as this profile is open, and again at each start.
void SyncEngine::oldCopy()
{
    context_.connection.deny("this copy of the profile is older than what the server saw of it. Its history can be "
                             "read; to write, put the newest copy back, or register or link this device as a new one");
}

void SyncEngine::caughtUp()
{
    meetStrangers([this] { online(); });
}

void SyncEngine::meetStrangers(const std::function<void()>& done)
{
    std::vector<UserId> strangers;
    if (const auto conversations = context_.store.conversations().all()) {
        for (const Conversation& conversation : *conversations) {
            const auto contact = context_.store.contacts().find(conversation.peer);
            const bool known = contact && *contact && !(*contact)->handle.empty();
            if (conversation.type == ConversationType::Direct && !known && !conversation.peer.isNull())
                strangers.push_back(conversation.peer);
        }
    }
    if (strangers.empty())
        return done();
    const auto missing = std::make_shared<std::size_t>(strangers.size());
    for (const UserId& user : strangers) {
        people_.refresh(user, [missing, done](const Result<Contact>&) {
            if (--*missing == 0)
                done(); // whoever the server would not name is shown by id
        });
    }
}

void SyncEngine::online()
{
    if (!context_.connected())
        return;
    context_.connection.caughtUp();
    resend_.connected();
    outbox_.pump();
    announce();
}

void SyncEngine::announceFocus()
{
    if (!context_.online())
        return;
    wire::FocusRequest focus;
    if (focus_)
        focus.set_log_id(focus_->bytes());
    context_.connection.call<wire::FocusRequest, wire::FocusResponse>(wire::SET_FOCUS, focus, [](const auto&) {});
}

/// Tells the server what is in front of the person and whose presence is wanted; a connection starts with nothing.
void SyncEngine::announce()
{
    if (!context_.online())
        return;
    announceFocus();
    wire::SetPresenceRequest presence;
    presence.set_state(wire::ONLINE);
    context_.connection.call<wire::SetPresenceRequest, wire::SetPresenceResponse>(wire::SET_PRESENCE, presence,
                                                                                  [](const auto&) {});
    const auto conversations = context_.store.conversations().all();
    if (!conversations)
        return;
    wire::SubscribePresenceRequest subscribe;
    for (const Conversation& conversation : *conversations) {
        const bool wanted = conversation.type == ConversationType::Direct &&
                            conversation.request == RequestState::Accepted &&
                            conversation.peer != context_.account.user;
        if (wanted && subscribe.users_size() < 500)
            subscribe.add_users(conversation.peer.bytes());
    }
    if (subscribe.users().empty())
        return;
    context_.connection.call<wire::SubscribePresenceRequest, wire::SubscribePresenceResponse>(
        wire::SUBSCRIBE_PRESENCE, subscribe, [this](const Result<wire::SubscribePresenceResponse>& answer) {
            if (!answer)
                return;
            wire::Ephemeral now;
            *now.mutable_presence() = answer->presence();
            ephemeral(now);
        });
}

void SyncEngine::setFocus(std::optional<LogId> log)
{
    focus_ = log;
    announceFocus();
}

void SyncEngine::setTyping(LogId log, bool typing)
{
    if (!context_.online())
        return;
    wire::TypingRequest request;
    request.set_log_id(log.bytes());
    request.set_typing(typing);
    context_.connection.call<wire::TypingRequest, wire::TypingResponse>(wire::TYPING, request, [](const auto&) {});
}

void SyncEngine::ephemeral(const wire::Ephemeral& state)
{
    for (const wire::Typing& typing : state.typing()) {
        const auto log = LogId::fromBytes(typing.log_id());
        const auto user = UserId::fromBytes(typing.user());
        if (log && user && events_.typing)
            events_.typing(*log, *user, typing.typing());
    }
    for (const wire::Presence& presence : state.presence()) {
        const auto user = UserId::fromBytes(presence.user());
        if (user && events_.presence)
            events_.presence(*user, presence.state() == wire::ONLINE);
    }
}

} // namespace kith
