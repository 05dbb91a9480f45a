#include "server/chat/messages/SendRules.h"

#include <algorithm>

namespace kith::server
{

namespace
{

constexpr std::size_t commitmentSize = 32;

Error invalid(std::string detail)
{
    return Error::make(ChatError::Invalid, std::move(detail));
}

Error gone()
{
    return Error::make(ChatError::NotFound, "This message cannot be sent again any more.");
}

Result<Entry> entryAt(const Storage& storage, LogId log, Seq seq)
{
    if (seq.value() == 0)
        return invalid("Entries are numbered from 1.");
    KITH_TRY(Page page, storage.read(log, Seq{seq.value() - 1}, 1, 1));
    if (page.entries.empty() || page.entries.front().seq != seq)
        return refused(ChatError::NotFound, "There is no entry of that number in this conversation.");
    return std::move(page.entries.front());
}

bool isWritten(EntryKind kind)
{
    return kind == EntryKind::Application || kind == EntryKind::Resend;
}

/// 0: the sender names none.
std::uint64_t namedVersion(const SendMessage& message, UserId user)
{
    std::uint64_t named = 0;
    for (const ListVersion& list : message.deviceLists) {
        if (list.user == user)
            named = list.version;
    }
    return named;
}

bool isRecent(const Member& member, std::uint64_t version, bool grace, WallTime recent)
{
    return version == member.listVersion ||
           (grace && version == member.previousListVersion && member.listSince >= recent);
}

} // namespace

Result<void> checkForm(const SendMessage& message, const Limits& limits)
{
    if (!isWritten(message.kind))
        return invalid("A device sends messages only; other kinds of entry are the server's.");
    if (message.clientMsgId.isNull() || message.sendNo == SendNo{})
        return invalid("A message needs a client_msg_id and a send_no.");
    if (message.body.size() > limits.body)
        return Error::make(ChatError::TooLarge, "This server takes messages of at most " + std::to_string(limits.body) +
                                                    " octets, sealed: send it in parts.");
    if (message.body.empty() || message.commitment.size() != commitmentSize)
        return invalid("A message needs a body and a commitment of 32 octets.");
    if (message.envelopes.size() > limits.envelopes)
        return Error::make(ChatError::TooLarge,
                           "A message has at most " + std::to_string(limits.envelopes) + " envelopes.");
    for (const Envelope& envelope : message.envelopes) {
        const auto same = [&](const Envelope& other) { return other.device == envelope.device; };
        if (std::count_if(message.envelopes.begin(), message.envelopes.end(), same) != 1)
            return invalid("A message has one envelope for a device.");
        if (envelope.sealed.empty() || envelope.sealed.size() > limits.envelope)
            return Error::make(ChatError::TooLarge,
                               "An envelope has 1 to " + std::to_string(limits.envelope) + " octets.");
    }
    if (message.drops.size() > limits.dropSeqs)
        return Error::make(ChatError::TooLarge,
                           "At most " + std::to_string(limits.dropSeqs) + " entries are deleted at once.");
    const bool resend = message.kind == EntryKind::Resend;
    if (resend != (message.resendSeq != Seq{}) || (resend && (message.envelopes.size() != 1 || !message.drops.empty())))
        return invalid(
            "A resend names the entry that it repeats and has exactly one envelope; other messages name none.");
    return {};
}

Result<void> checkWriter(const DirectView& view, const Caller& caller)
{
    if (view.conversation->value.type != LogType::Direct)
        return refused(ChatError::Denied, "Messages are not sent into this log.");
    if (readerOf(*view.own, caller.device) == nullptr)
        return refused(ChatError::Denied, "This device does not belong to the conversation yet, or any more.");
    if (view.own->state == MemberState::Requested)
        return refused(ChatError::Denied, "Accept the message request first.");
    if (view.own->state == MemberState::Left)
        return refused(ChatError::Denied, "You left this conversation: open it again first.");
    if (view.peer == nullptr)
        return {};
    if (view.own->blocksPeer)
        return refused(ChatError::Denied, "You blocked this person: unblock first.");
    if (view.peer->blocksPeer || view.peer->state == MemberState::Left)
        return doesNotAccept();
    return {};
}

ListVerdict judgeLists(const Conversation& conversation, const SendMessage& message, DeviceId sender, bool grace,
                       WallTime recent)
{
    ListVerdict verdict;
    for (const Member& member : conversation.members) {
        const std::uint64_t named = namedVersion(message, member.user);
        bool stale = !isRecent(member, named, grace, recent);
        verdict.copyIsOlder = verdict.copyIsOlder || named > member.listVersion;
        for (const ReaderDevice& device : member.devices) {
            if (device.device == sender)
                continue;
            const auto envelope = std::find_if(message.envelopes.begin(), message.envelopes.end(),
                                               [&](const Envelope& item) { return item.device == device.device; });
            if (envelope != message.envelopes.end())
                verdict.envelopes.push_back(*envelope);
            else if (grace)
                verdict.missed.push_back(device.device);
            else
                stale = true;
        }
        if (stale)
            verdict.stale.push_back({member.user, named});
    }
    // An envelope for a device that reads no more: the sender's list is old, whatever version it named.
    if (!grace && verdict.stale.empty() && verdict.envelopes.size() != message.envelopes.size()) {
        for (const Member& member : conversation.members)
            verdict.stale.push_back({member.user, namedVersion(message, member.user)});
    }
    return verdict;
}

Result<void> checkDrops(const Storage& storage, const SendMessage& message, UserId caller)
{
    for (const Seq& seq : message.drops) {
        KITH_TRY(const Entry entry, entryAt(storage, message.log, seq));
        if (entry.senderUser != caller)
            return refused(ChatError::Denied, "Only who wrote a message deletes it for everyone.");
        if (!isWritten(entry.kind) && entry.kind != EntryKind::Tombstone)
            return invalid("An entry of this kind cannot be deleted.");
    }
    return {};
}

Result<Entry> resendable(const ChatContext& context, LogId log, Seq seq, const ReaderDevice& reader)
{
    if (seq < reader.fromSeq)
        return gone();
    Result<Entry> entry = entryAt(context.storage, log, seq);
    if (!entry.ok())
        return entry.error().is(ChatError::NotFound) || entry.error().is(StorageError::NotFound) ? gone()
                                                                                                 : entry.error();
    if (!isWritten(entry->kind) || entry->body.empty() || entry->time + context.limits.resendAge < context.clock.wall())
        return gone();
    return entry;
}

Result<void> checkResend(const ChatContext& context, const DirectView& view, const SendMessage& message, UserId caller)
{
    const DeviceId target = message.envelopes.front().device;
    const ReaderDevice* reader = readerOf(*view.own, target);
    if (reader == nullptr && view.peer != nullptr)
        reader = readerOf(*view.peer, target);
    if (reader == nullptr)
        return gone();
    KITH_TRY(const Entry entry, resendable(context, message.log, message.resendSeq, *reader));
    if (entry.senderUser != caller)
        return refused(ChatError::Denied, "Only who wrote a message sends it again.");
    return {};
}

} // namespace kith::server
