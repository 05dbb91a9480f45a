#pragma once
/// Puts the parts of core/sync together over one authenticated connection: what happens when it stands, when it breaks,
/// and when something arrives. Owned by core/session. Engine thread.

#include "core/sync/CatchUp.h"
#include "core/sync/Deadlines.h"
#include "core/sync/Inbox.h"
#include "core/sync/Invites.h"
#include "core/sync/KeyUpkeep.h"
#include "core/sync/Outbox.h"
#include "core/sync/People.h"
#include "core/sync/Receipts.h"
#include "core/sync/Resend.h"
#include "core/sync/SystemEntries.h"

namespace kith
{

class SyncEngine
{
public:
    struct Events {
        std::function<void(LogId, UserId, bool typing)> typing;
        std::function<void(UserId, bool online)> presence;
        std::function<void(const Error&)> broken;
    };

    SyncEngine(SyncContext& context, Events events);
    SyncEngine(const SyncEngine&) = delete;
    SyncEngine& operator=(const SyncEngine&) = delete;

    [[nodiscard]] Outbox& outbox() { return outbox_; }
    [[nodiscard]] Receipts& receipts() { return receipts_; }
    [[nodiscard]] People& people() { return people_; }
    [[nodiscard]] Invites& invites() { return invites_; }
    [[nodiscard]] DeviceDirectory& directory() { return directory_; }

    void setFocus(std::optional<LogId> log);
    void setTyping(LogId log, bool typing);

private:
    void changed(const net::ConnectionFact& fact);
    void ready(const wire::AuthenticateResponse& answer);
    void confirmed();
    void oldCopy();
    void caughtUp();
    /// Handles and device lists of people who are known by their id only; `done` when every answer is there.
    void meetStrangers(const std::function<void()>& done);
    void online();
    void ephemeral(const wire::Ephemeral& ephemeral);
    void announce();
    void announceFocus();

    SyncContext& context_;
    Events events_;
    DeviceDirectory directory_;
    SystemEntries system_;
    Receipts receipts_;
    Inbox inbox_;
    CatchUp catchUp_;
    Outbox outbox_;
    KeyUpkeep keys_;
    People people_;
    Invites invites_;
    Resend resend_;
    Deadlines deadlines_;
    std::optional<std::size_t> keysLeft_; ///< One-time pre-keys on the server, as it said and nobody looked at yet.
    std::optional<LogId> focus_;
    bool connected_ = false;
    bool updateTried_ = false; ///< What an older version of this program could not read was tried again.
};

} // namespace kith
