#pragma once
/// Receipt watermarks: delivered and read, monotone, one per user over all devices (mechanisms.md section 2).
///
/// `delivered` of a user is the highest seq such that one of the user's devices stored everything up to it and could
/// open it (or has declared it lost). A device that cannot open seq n yet lists n in `unopened`; the watermark that it
/// states then ends at n - 1, whatever it stored after n, until an Ack without n: the tick of n must not turn.
/// Thread: any; see Caller.h.

#include "server/chat/Caller.h"

#include <vector>

namespace kith::server
{

struct ChatContext;

struct AckRequest {
    LogId log;
    Generation generation;
    Seq cursor;
    Seq delivered;             ///< 0: unchanged.
    Seq read;                  ///< 0: unchanged, or private.
    std::vector<Seq> unopened; ///< At most Limits::unopened, at or below cursor.
    SendNo sendNo;             ///< Highest that the device has used in this log; 0: not stated.
};

class Receipts
{
public:
    explicit Receipts(ChatContext& context) : context_(context) {}

    /// `applied` as soon as readers can see it (other members' connections are told then); `durable` when the statement
    /// will survive a crash, with the next group commit: the answer to the device. Denied tells a cloned device.
    void ack(const Caller& caller, AckRequest request, Done<void> applied, Done<void> durable);

private:
    ChatContext& context_;
};

} // namespace kith::server
