#include "core/sync/ContentMapping.h"

#include "core/domain/Text.h"
#include "core/protocol/content/ContentCodec.h"

namespace kith
{
namespace
{

/// What stands around a text at most: its own field (8 octets of tags and lengths), a reference (72), the sender's name
/// and clock (275), and a resend request's answer around all of it (80).
constexpr std::size_t maxAroundText = 512;
static_assert(maxMessageText + maxAroundText <= maxContentSize,
              "a text of the greatest length fits, padded, into a body");
static_assert(maxContentSize <= content::maxContent);

void setSender(content::Content& out, const Message& message, const OwnAccount& account)
{
    if (!account.displayName.empty())
        out.mutable_sender()->set_display_name(account.displayName);
    if (message.senderClock)
        out.mutable_sender()->set_clock_ms(toMillis(*message.senderClock));
}

Result<content::Content> textContent(const Message& message, const OwnAccount& account)
{
    content::Content out;
    out.mutable_text()->set_text(message.text);
    if (message.replyTo) {
        content::Reference& reply = *out.mutable_text()->mutable_reply_to();
        reply.set_author(message.replyTo->author.bytes());
        reply.set_client_msg_id(message.replyTo->clientMsgId.bytes());
        reply.set_commitment(message.replyTo->commitment);
    }
    setSender(out, message, account);
    return out;
}

std::optional<MessageReference> readReference(const content::Text& text)
{
    if (!text.has_reply_to())
        return std::nullopt;
    return MessageReference{*UserId::fromBytes(text.reply_to().author()),
                            *ClientMsgId::fromBytes(text.reply_to().client_msg_id()), text.reply_to().commitment()};
}

} // namespace

Result<Bytes> encodeContent(const Message& message, const OwnAccount& account)
{
    if (message.kind == MessageKind::Control)
        return message.raw; // made by encodeResend()
    KITH_TRY(const content::Content out, textContent(message, account));
    Bytes bytes = content::encode(out);
    if (bytes.size() > maxContentSize)
        return Error::make(E2eeError::TooLarge, "the message does not fit into one entry");
    return bytes;
}

Result<Bytes> encodeResend(const Message& message, const DeviceAddress& target, const OwnAccount& account)
{
    content::Content out;
    content::Resend& resend = *out.mutable_resend();
    resend.set_client_msg_id(message.clientMsgId.bytes());
    KITH_TRY(*resend.mutable_content(), encodeContent(message, account));
    resend.set_for_user(target.user.bytes());
    resend.set_for_device(target.device.bytes());
    resend.set_seq(message.position ? message.position->seq.value() : 0);
    return content::encode(out);
}

std::optional<ResendTarget> resendTarget(const Message& message)
{
    if (message.kind != MessageKind::Control)
        return std::nullopt;
    const auto decoded = content::decode(message.raw);
    if (!decoded || !decoded->has_resend())
        return std::nullopt;
    const content::Resend& resend = decoded->resend();
    return ResendTarget{{*UserId::fromBytes(resend.for_user()), *DeviceId::fromBytes(resend.for_device())},
                        Seq{std::uint64_t{resend.seq()}}};
}

DecodedContent decodeContent(ByteView bytes)
{
    DecodedContent out;
    const auto decoded = content::decode(bytes);
    if (!decoded) {
        out.raw = Bytes(bytes);
        return out;
    }
    out.displayName = decoded->sender().display_name();
    if (decoded->sender().clock_ms() != 0)
        out.senderClock = wallFromMillis(decoded->sender().clock_ms());
    if (decoded->has_resend()) {
        out.kind = MessageKind::Control;
        out.resent =
            ResentContent{*ClientMsgId::fromBytes(decoded->resend().client_msg_id()), decoded->resend().content()};
        return out;
    }
    out.kind = MessageKind::Text;
    out.text = decoded->text().text();
    out.replyTo = readReference(decoded->text());
    return out;
}

Bytes lostReason(Lost::Reason reason)
{
    switch (reason) {
    case Lost::Reason::Replayed:
        return "replayed";
    case Lost::Reason::WrongBody:
        return "wrong_body";
    case Lost::Reason::WrongCommitment:
        return "wrong_commitment";
    case Lost::Reason::Damaged:
        return "damaged";
    }
    return "damaged";
}

} // namespace kith
