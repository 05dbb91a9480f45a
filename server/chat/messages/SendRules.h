#pragma once
/// Whether a send may be appended, decided from what stands: form, membership, blocks, device lists, deletions. Thread:
/// pure but for the storage reads; the strand of the call.

#include "server/chat/ChatContext.h"
#include "server/chat/messages/Messages.h"

namespace kith::server
{

/// What needs no storage: sizes, counts, required fields.
[[nodiscard]] Result<void> checkForm(const SendMessage& message, const Limits& limits);

/// Whether the caller's device may write into this conversation now.
[[nodiscard]] Result<void> checkWriter(const DirectView& view, const Caller& caller);

/// How the message's lists and envelopes stand against the conversation's copies.
struct ListVerdict {
    std::vector<ListVersion> stale;  ///< Whose lists the sender must learn, and what it named; empty: none.
    bool copyIsOlder = false;        ///< The sender knows a newer list than the copy: refresh it, then look again.
    std::vector<DeviceId> missed;    ///< Readers without an envelope, where that is let pass.
    std::vector<Envelope> envelopes; ///< Those for devices that read now.
};
/// `grace`: after some refusals, any list current within `recent` passes and devices may be missed.
[[nodiscard]] ListVerdict judgeLists(const Conversation& conversation, const SendMessage& message, DeviceId sender,
                                     bool grace, WallTime recent);

/// Deletions name existing entries of the caller's account.
[[nodiscard]] Result<void> checkDrops(const Storage& storage, const SendMessage& message, UserId caller);

/// A Resend repeats an entry of the caller's account, young enough and not deleted, for one reading device.
[[nodiscard]] Result<void> checkResend(const ChatContext& context, const DirectView& view, const SendMessage& message,
                                       UserId caller);

/// An entry that can still be opened by `reader` if somebody sealed it again; NotFound otherwise.
[[nodiscard]] Result<Entry> resendable(const ChatContext& context, LogId log, Seq seq, const ReaderDevice& reader);

} // namespace kith::server
