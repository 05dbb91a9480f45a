#pragma once
/// What people wrote to the bytes that are sealed, and back. The content schema is met only here. Pure; engine thread.

#include "core/base/Result.h"
#include "core/domain/Message.h"
#include "core/domain/OwnAccount.h"
#include "core/e2ee/ConversationCrypto.h"

namespace kith
{

/// A message that its author sends once more because a device could not open it.
struct ResentContent {
    ClientMsgId clientMsgId; ///< Of the earlier message.
    Bytes content;           ///< What it said.
};
struct ResendTarget {
    DeviceAddress device;
    Seq seq; ///< Of the earlier message.
};

struct DecodedContent {
    MessageKind kind = MessageKind::Unknown;
    std::string text;
    std::optional<MessageReference> replyTo;
    std::optional<WallTime> senderClock;
    std::string displayName; ///< The sender's, as they call themselves; empty: not said.
    Bytes raw;               ///< Of unknown kinds: everything, so that an update can open it.
    std::optional<ResentContent> resent;
};

/// TooLarge where the text does not fit into one message.
[[nodiscard]] Result<Bytes> encodeContent(const Message& message, const OwnAccount& account);
/// The content of `message` once more, for one device: the `raw` of a Control message.
[[nodiscard]] Result<Bytes> encodeResend(const Message& message, const DeviceAddress& target,
                                         const OwnAccount& account);
/// For whom a queued Control message is; nothing for other messages.
[[nodiscard]] std::optional<ResendTarget> resendTarget(const Message& message);
/// Never fails: what cannot be read is MessageKind::Unknown with its bytes.
[[nodiscard]] DecodedContent decodeContent(ByteView content);
/// The stable name kept with a lost row.
[[nodiscard]] Bytes lostReason(Lost::Reason reason);

} // namespace kith
