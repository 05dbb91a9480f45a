#pragma once
/// Direct conversations: exactly one for a pair of people, message requests. Thread: any; see Caller.h.

#include "server/chat/Caller.h"

namespace kith::server
{

struct ChatContext;

struct CreatedConversation {
    LogId log;
    Generation generation; ///< 0: nothing was written to it yet.
    bool existed = false;
    bool requestPending = false; ///< The peer has not accepted yet.
};

class Conversations
{
public:
    explicit Conversations(ChatContext& context) : context_(context) {}

    /// With oneself: Notes to self. Answers when both members' devices can learn of it. NotFound alike for nobody and
    /// for somebody who blocks the caller.
    void create(const Caller& caller, UserId peer, Done<CreatedConversation> done);
    /// Accept: both talk. Decline: the caller leaves; the other is not told, later sends are refused like a block's.
    void respond(const Caller& caller, LogId log, bool accept, Done<void> done);

private:
    ChatContext& context_;
};

} // namespace kith::server
