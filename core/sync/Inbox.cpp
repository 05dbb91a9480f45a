#include "core/sync/Inbox.h"

#include "core/e2ee/StateChange.h"
#include "core/sync/ContentMapping.h"

#include <algorithm>

namespace kith
{
namespace
{

WaitingFor waitingFor(Waiting::Need need)
{
    switch (need) {
    case Waiting::Need::DeviceList:
        return WaitingFor::DeviceList;
    case Waiting::Need::Update:
        return WaitingFor::Update;
    case Waiting::Need::Resend:
        break;
    }
    return WaitingFor::Resend;
}

} // namespace

void Inbox::deliver(LogId log, std::vector<LogRow> rows, Seq head, Completion<void> done)
{
    lanes_[log].deliveries.push_back({std::move(rows), head, std::move(done)});
    next(log);
}

void Inbox::disconnected()
{
    sought_.clear();
}

void Inbox::next(LogId log)
{
    Lane& lane = lanes_[log];
    if (lane.busy || lane.deliveries.empty())
        return;
    lane.busy = true;
    const Delivery& delivery = lane.deliveries.front();
    auto unknown = unknownSenders(delivery.rows);
    if (!unknown)
        return finish(log, std::move(unknown).error());
    if (!unknown->empty() && context_.connected())
        return fetchLists(log, *unknown);
    finish(log, commit(log, delivery));
}

void Inbox::fetchLists(LogId log, std::set<UserId> users)
{
    const auto missing = std::make_shared<std::size_t>(users.size());
    for (const UserId& user : users) {
        directory_.fetch(user, [this, log, missing](const Result<bool>&) {
            // Whatever came: what is still unknown is stored as waiting, and repaired from there (P7).
            if (--*missing == 0)
                finish(log, commit(log, lanes_[log].deliveries.front()));
        });
    }
}

void Inbox::finish(LogId log, Result<void> outcome)
{
    Lane& lane = lanes_[log];
    const Delivery delivery = std::move(lane.deliveries.front());
    lane.deliveries.pop_front();
    lane.busy = false;
    if (outcome) {
        hooks_.stored(log);
        if (std::exchange(anyWaiting_, false))
            hooks_.waiting(log);
    } else if (outcome.error().is(StoreError::Gap)) {
        hooks_.gap(log);
    } else {
        hooks_.broken(outcome.error());
    }
    if (delivery.done)
        delivery.done(std::move(outcome));
    next(log);
}

Result<std::set<UserId>> Inbox::unknownSenders(const std::vector<LogRow>& rows)
{
    std::set<UserId> users;
    for (const LogRow& row : rows) {
        const DeviceAddress sender{row.sender, row.senderDevice};
        if (row.sender.isNull() || row.senderDevice == context_.account.device || sought_.count(sender) > 0)
            continue;
        KITH_TRY(const auto device, directory_.device(row.sender, row.senderDevice));
        if (device)
            continue;
        sought_.insert(sender);
        users.insert(row.sender);
    }
    return users;
}

Result<void> Inbox::commit(LogId log, const Delivery& delivery)
{
    std::span<const LogRow> rows(delivery.rows);
    while (!rows.empty()) {
        KITH_TRY(const auto conversation, context_.store.conversations().find(log));
        if (!conversation)
            return {}; // comes again once the account log has told who it is with
        if (const auto kept = SystemEntries::cutOf(rows.front());
            kept && rows.front().position.generation > conversation->generation && conversation->cursor >= kept->seq) {
            KITH_CHECK(context_.store.write(
                [&] { return context_.store.inbox().cut(log, *kept, rows.front().position.generation); }));
            continue;
        }
        // A batch is of one generation; a cut begins the next.
        const Generation generation = rows.front().position.generation;
        std::size_t count = 1;
        while (count < rows.size() && count < InboxBatch::maxRows && rows[count].position.generation == generation)
            ++count;
        KITH_CHECK(commitSome(*conversation, rows.first(count), delivery.head));
        rows = rows.subspan(count);
    }
    return {};
}

Result<void> Inbox::commitSome(const Conversation& conversation, std::span<const LogRow> rows, Seq head)
{
    return context_.store.write([&]() -> Result<void> {
        InboxBatch batch;
        batch.log = conversation.log;
        batch.head = head;
        Seq last = conversation.cursor;
        auto chain = Sha256Digest::fromBytes(conversation.chain);
        if (!chain && conversation.cursor == Seq{})
            chain = chainStart();
        for (const LogRow& row : rows) {
            if (row.position.seq <= last)
                continue; // redelivered
            if (row.position.seq != last.next())
                return Error::make(StoreError::Gap, "entries are missing before what the server sent");
            // The chain is computed here, not believed: a server that reorders or replaces rows shows (P4).
            const Sha256Digest own = chain ? chainAfter(*chain, row) : row.chain;
            KITH_TRY(InboxRow inboxRow, toInbox(conversation, row, own));
            if (own != row.chain)
                inboxRow.chainCheck = ChainCheck::Different;
            if (row.kind == wire::SYSTEM)
                KITH_CHECK(system_.apply(conversation, row));
            batch.rows.push_back(std::move(inboxRow));
            chain = own;
            last = row.position.seq;
        }
        if (batch.rows.empty())
            return {};
        KITH_TRY([[maybe_unused]] const InboxOutcome outcome, context_.store.inbox().commit(batch));
        return {};
    });
}

Result<InboxRow> Inbox::toInbox(const Conversation& conversation, const LogRow& row, const Sha256Digest& chain)
{
    InboxRow out;
    out.position = row.position;
    out.author = row.sender;
    out.device = row.senderDevice;
    out.clientMsgId = row.clientMsgId;
    out.commitment = row.commitment;
    out.serverTime = row.serverTime;
    out.chain = Bytes(chain.view());
    switch (row.kind) {
    case wire::SYSTEM:
        out.kind = MessageKind::System;
        out.raw = row.body;
        return out;
    case wire::TOMBSTONE:
        out.kind = MessageKind::Tombstone;
        return out;
    case wire::APPLICATION:
        break;
    case wire::RESEND:
        // For one device; to the others it is a number that passes.
        if (!row.envelope.empty() && row.hasBody && row.senderDevice != context_.account.device)
            return resent(out, row);
        out.kind = MessageKind::Control;
        return out;
    default:
        out.kind = MessageKind::Control; // of a later version: the cursor passes it
        out.raw = row.body;
        return out;
    }
    if (row.senderDevice == context_.account.device) {
        out.kind = MessageKind::Control; // our own row knows its text; the store joins them by client_msg_id
        return out;
    }
    if (row.sender != conversation.peer && row.sender != context_.account.user) {
        out.kind = MessageKind::Lost; // nobody else may speak in a conversation of two
        out.raw = "foreign_sender";
        return out;
    }
    if (!row.hasBody) {
        out.kind = MessageKind::Lost;
        out.raw = "trimmed";
        return out;
    }
    KITH_CHECK(openInto(out, row, false));
    return out;
}

Result<InboxRow> Inbox::resent(InboxRow out, const LogRow& row)
{
    KITH_CHECK(openInto(out, row, true));
    const auto again = std::exchange(resent_, std::nullopt);
    const bool readable = out.kind == MessageKind::Control && again.has_value();
    out.kind = MessageKind::Control; // never a row of its own, whatever it holds
    out.waiting.reset();
    out.raw.clear();
    if (!readable)
        return out;
    KITH_TRY(const auto waiting, context_.store.inbox().waitingFrom(row.sender, row.senderDevice));
    for (const WaitingMessage& item : waiting) {
        if (item.message.log != row.log || item.message.clientMsgId != again->clientMsgId)
            continue;
        const DecodedContent decoded = decodeContent(again->content);
        InboxRow answer;
        answer.position = item.message.position.value_or(LogPosition{});
        answer.author = item.message.author;
        answer.device = item.message.device;
        answer.clientMsgId = item.message.clientMsgId;
        answer.commitment = item.message.commitment;
        answer.serverTime = item.message.serverTime;
        answer.kind = decoded.kind;
        answer.text = decoded.text;
        answer.replyTo = decoded.replyTo;
        answer.raw = decoded.raw;
        answer.senderClock = decoded.senderClock;
        KITH_CHECK(context_.store.inbox().resolve(item.message.id, answer));
    }
    return out;
}

Result<OpenResult> Inbox::open(OpenRequest& request, const LogRow& row)
{
    KITH_TRY(OpenResult result, context_.crypto.open(request));
    const auto* waiting = std::get_if<Waiting>(&result.outcome);
    if (waiting == nullptr || waiting->need != Waiting::Need::Resend || row.envelope.empty())
        return result;
    // The keys of what the server trimmed are stepped over, however many; nothing else may run that far ahead.
    KITH_TRY(const std::uint64_t trimmed, context_.store.inbox().trimmed(row.log));
    if (trimmed == 0)
        return result;
    request.allowance.provenMissing = static_cast<std::uint32_t>(std::min<std::uint64_t>(trimmed, maxForwardJump));
    return context_.crypto.open(request);
}

Result<void> Inbox::openInto(InboxRow& out, const LogRow& row, bool retried)
{
    OpenRequest request;
    request.row = {
        row.log, row.clientMsgId, {row.sender, row.senderDevice}, static_cast<std::uint8_t>(row.chainedKind)};
    request.body = row.body;
    request.commitment = row.commitment;
    request.envelope = row.envelope;
    KITH_TRY(request.sender, directory_.device(row.sender, row.senderDevice));
    request.now = context_.now();
    KITH_TRY(const OpenResult result, open(request, row));
    KITH_CHECK(applyChange(result.change, context_.store.sessions(), context_.store.preKeys()));
    if (const auto* content = std::get_if<Opened>(&result.outcome))
        return opened(out, row, *content);
    if (const auto* lost = std::get_if<Lost>(&result.outcome)) {
        out.kind = MessageKind::Lost;
        out.raw = lostReason(lost->reason);
        return {};
    }
    out.kind = MessageKind::Waiting;
    out.waiting = WaitingRow{waitingFor(std::get<Waiting>(result.outcome).need), row.body, row.envelope};
    anyWaiting_ = anyWaiting_ || !retried;
    return {};
}

Result<void> Inbox::opened(InboxRow& out, const LogRow& row, const Opened& content)
{
    const DecodedContent decoded = decodeContent(content.content.exposeSecret());
    out.kind = decoded.kind;
    out.text = decoded.text;
    out.replyTo = decoded.replyTo;
    out.raw = decoded.raw;
    out.senderClock = decoded.senderClock;
    resent_ = decoded.resent;
    KITH_TRY(const auto own,
             context_.store.conversations().chainAt(row.log, {content.claim.generation, content.claim.seq}));
    const auto ownChain = own ? Sha256Digest::fromBytes(*own) : std::optional<Sha256Digest>();
    switch (compareChain(content.claim, row.position.generation, row.position.seq, ownChain)) {
    case ChainVerdict::Equal:
        out.chainCheck = ChainCheck::Equal;
        break;
    case ChainVerdict::Different:
        out.chainCheck = ChainCheck::Different;
        break;
    case ChainVerdict::Unknown:
        out.chainCheck = ChainCheck::Unknown;
        break;
    }
    if (!decoded.displayName.empty() && row.sender != context_.account.user) {
        KITH_TRY(const auto contact, context_.store.contacts().find(row.sender));
        if (contact && contact->displayName != decoded.displayName)
            KITH_CHECK(context_.store.contacts().setDisplayName(row.sender, decoded.displayName));
    }
    return {};
}

void Inbox::retryFrom(const DeviceAddress& device)
{
    retry(context_.store.inbox().waitingFrom(device.user, device.device));
}

void Inbox::retryUpdated()
{
    retry(context_.store.inbox().waitingFor(WaitingFor::Update));
}

void Inbox::retry(const Result<std::vector<WaitingMessage>>& waiting)
{
    if (!waiting)
        return; // tried again with the next list or the next start; a stopped store tells itself
    for (const WaitingMessage& message : *waiting) {
        if (!context_.store.write([&] { return retryOne(message); }))
            return;
        hooks_.stored(message.message.log);
    }
}

Result<void> Inbox::retryOne(const WaitingMessage& waiting)
{
    const Message& message = waiting.message;
    LogRow row;
    row.log = message.log;
    row.position = message.position.value_or(LogPosition{});
    row.kind = wire::APPLICATION;
    row.chainedKind = wire::APPLICATION;
    row.sender = message.author;
    row.senderDevice = message.device;
    row.clientMsgId = message.clientMsgId;
    row.serverTime = message.serverTime.value_or(WallTime{});
    row.body = waiting.row.body;
    row.commitment = message.commitment;
    row.envelope = waiting.row.envelope;
    InboxRow out;
    out.position = row.position;
    out.author = row.sender;
    out.device = row.senderDevice;
    out.clientMsgId = row.clientMsgId;
    out.commitment = row.commitment;
    out.serverTime = message.serverTime;
    KITH_CHECK(openInto(out, row, true));
    if (out.kind == MessageKind::Waiting)
        return {};
    if (out.kind == MessageKind::Lost)
        return context_.store.inbox().lose(message.id, out.raw);
    return context_.store.inbox().resolve(message.id, out);
}

} // namespace kith
