#pragma once
/// Sending. The order of steps is fixed: commit, durable head (both in storage), hint, answer (mechanisms.md section
/// 2). Thread: any; see Caller.h. One device's sends to one log must be handed in in the order it made them.

#include "server/chat/Caller.h"
#include "server/domain/Entry.h"

namespace kith::server
{

struct ChatContext;

struct ListVersion {
    UserId user;
    std::uint64_t version = 0;
};

struct SendMessage {
    LogId log;
    ClientMsgId clientMsgId;
    SendNo sendNo;
    EntryKind kind = EntryKind::Application; ///< Or Resend, with `resendSeq` and exactly one envelope.
    Bytes body;
    std::vector<Envelope> envelopes; ///< One for each device of every member but the sending one.
    Bytes commitment;                ///< 32 octets.
    std::vector<ListVersion> deviceLists;
    std::uint32_t expiryClass = 0;
    bool wake = false;
    std::vector<Seq> drops; ///< Become tombstones: the caller's own entries.
    Generation generation;  ///< 0: not stated.
    Seq resendSeq;          ///< The caller's account's entry that this one repeats for one device.
};
struct Sent {
    Accepted accepted;
    std::vector<DeviceId> missedDevices; ///< Have no envelope: the list was recent but stale. They will ask.
};

class Messages
{
public:
    explicit Messages(ChatContext& context) : context_(context) {}

    /// A repeated send is answered with its first result whatever changed since (P2).
    void send(const Caller& caller, SendMessage message, Done<Sent> done);
    /// Forwards "I cannot open this" to the author's devices. NotFound ends the wait: trimmed, deleted, older than 30
    /// days, or before this device's start.
    void requestResend(const Caller& caller, LogId log, Generation generation, Seq seq, Done<void> done);

private:
    ChatContext& context_;
};

} // namespace kith::server
