#pragma once
/// The server's rules, whole: one object per area over one set of ports. Domain values in, domain values out; no
/// socket, no Protobuf. Built by server/main.cpp (and by tests over memory twins). Thread: any; see Caller.h. It
/// outlives every call: drain callers' strands and the job strand before destroying it.

#include "core/base/Clock.h"
#include "core/base/Random.h"
#include "server/bus/Bus.h"
#include "server/chat/Rates.h"
#include "server/chat/SystemRecords.h"
#include "server/chat/accounts/Accounts.h"
#include "server/chat/accounts/Authentication.h"
#include "server/chat/conversations/Conversations.h"
#include "server/chat/devices/Devices.h"
#include "server/chat/keys/PreKeys.h"
#include "server/chat/messages/LogReader.h"
#include "server/chat/messages/Messages.h"
#include "server/chat/people/People.h"
#include "server/chat/presence/Presence.h"
#include "server/chat/receipts/Receipts.h"
#include "server/registry/Registry.h"
#include "server/storage/Storage.h"

namespace kith::server
{

/// What chat stands on; all outlive it. `jobs` runs what a transaction left to do in other buckets.
struct ChatPorts {
    Storage& storage;
    Bus& bus;
    Registry& registry;
    Clock& clock;
    Random& random;
    Rates& rates;
    const SystemRecords& records;
    Executor& jobs;
};

struct ChatConfig {
    Bytes serverId;  ///< 16 octets, stable for the life of the data directory.
    Bytes serverKey; ///< 32 secret octets, likewise; Chat wipes its copy of this struct's.
    bool registrationOpen = false;
    bool usersInvite = true; ///< People may make invites, not only the operator.
    Limits limits;
};

class Chat
{
public:
    Chat(const ChatPorts& ports, ChatConfig config);
    ~Chat();
    Chat(const Chat&) = delete;
    Chat& operator=(const Chat&) = delete;

    /// Finishes what a crash left unfinished, in all buckets; `done` on the job strand. Call it before serving.
    void start(Done<void> done);
    /// Tries jobs again that could not finish, sends presence changes. Call it about once a second, from any thread.
    void tick();

private:
    std::unique_ptr<ChatContext> context_;

public:
    Accounts accounts;
    Authentication authentication;
    Devices devices;
    PreKeys preKeys;
    Conversations conversations;
    Messages messages;
    LogReader reader;
    Receipts receipts;
    People people;
    Presence presence;
};

} // namespace kith::server
