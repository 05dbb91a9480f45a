// SendMessage, Heads, Sync, Ack, RequestResend: the log (mechanisms.md sections 1 and 2).
#include "core/protocol/wire/sync.pb.h"
#include "server/gateway/calls/CallTable.h"
#include "server/gateway/calls/DomainCodec.h"

namespace kith::server
{
namespace
{

Result<void> sendMessage(const ContextPtr& context, const wire::SendMessageRequest& request, const Reply& reply)
{
    SendMessage out;
    KITH_TRY(out.log, readId<LogId>(request.log_id(), "log_id"));
    KITH_TRY(out.clientMsgId, readId<ClientMsgId>(request.client_msg_id(), "client_msg_id"));
    out.sendNo = SendNo(request.send_no());
    if (request.kind() != wire::APPLICATION && request.kind() != wire::RESEND)
        return Error::make(wire::WireCode::Invalid, "devices send entries of kind APPLICATION or RESEND");
    out.kind = static_cast<EntryKind>(request.kind());
    out.body = request.body();
    for (const auto& envelope : request.envelopes()) {
        KITH_TRY(const DeviceId device, readId<DeviceId>(envelope.device_id(), "device_id of an envelope"));
        out.envelopes.push_back({device, envelope.sealed()});
    }
    out.commitment = request.commitment();
    for (const auto& list : request.device_lists()) {
        KITH_TRY(const UserId user, readId<UserId>(list.user_id(), "user_id of a device list"));
        out.deviceLists.push_back({user, list.version()});
    }
    out.expiryClass = request.expiry_class();
    out.wake = request.wake();
    for (const auto seq : request.drop_seq())
        out.drops.push_back(Seq(static_cast<std::uint64_t>(seq)));
    out.generation = Generation(static_cast<std::uint64_t>(request.generation()));
    out.resendSeq = Seq(static_cast<std::uint64_t>(request.resend_seq()));
    context->chat().messages.send(context->caller(), std::move(out), answering<Sent>(reply, [](const Sent& sent) {
                                      wire::SendMessageResponse response;
                                      response.set_generation(sent.accepted.generation.value());
                                      response.set_seq(sent.accepted.seq.value());
                                      response.set_entry_id(sent.accepted.id.bytes());
                                      response.set_server_time_ms(toMillis(sent.accepted.time));
                                      response.set_chain(sent.accepted.chain);
                                      response.set_accepted_earlier(sent.accepted.acceptedEarlier);
                                      for (const DeviceId& device : sent.missedDevices)
                                          response.add_missed_devices(device.bytes());
                                      return response;
                                  }));
    return {};
}

Result<void> heads(const ContextPtr& context, const wire::HeadsRequest& request, const Reply& reply)
{
    HeadsRequest out;
    out.activityToken = request.activity_token();
    for (const auto& position : request.positions()) {
        KITH_TRY(const LogId log, readId<LogId>(position.log_id(), "log_id of a position"));
        out.positions.push_back({log, Generation(static_cast<std::uint64_t>(position.generation())),
                                 Seq(static_cast<std::uint64_t>(position.cursor())), position.marks_rev(),
                                 SendNo(static_cast<std::uint64_t>(position.send_no()))});
    }
    if (!request.after_log().empty()) {
        KITH_TRY(out.afterLog, readId<LogId>(request.after_log(), "after_log"));
    }
    context->chat().reader.heads(context->caller(), std::move(out),
                                 answering<HeadsView>(reply, [context](const HeadsView& view) {
                                     context->headsRead(view);
                                     wire::HeadsResponse response;
                                     for (const HeadView& head : view.logs) {
                                         auto* log = response.add_logs();
                                         log->set_log_id(head.log.bytes());
                                         log->set_generation(head.generation.value());
                                         log->set_head(head.head.value());
                                         log->set_floor(head.floor.value());
                                         log->set_from_seq(head.fromSeq.value());
                                         log->set_marks_rev(head.marksRevision);
                                         log->set_account_log(head.type == LogType::Account);
                                     }
                                     response.set_more(view.more);
                                     if (view.more)
                                         response.set_last_log(view.lastLog.bytes());
                                     response.set_activity_token(view.activityToken);
                                     return response;
                                 }));
    return {};
}

wire::SyncResponse toWire(LogId log, const PageView& view)
{
    wire::SyncResponse response;
    for (const Entry& entry : view.entries)
        write(entry, log, response.add_entries());
    response.set_head(view.head.head.value());
    response.set_generation(view.head.generation.value());
    if (view.trimmed) {
        response.mutable_trimmed()->set_floor(view.trimmed->floor.value());
        response.mutable_trimmed()->set_chain(view.trimmed->chain);
    }
    if (view.marks)
        write(*view.marks, log, view.head.generation, response.mutable_marks());
    response.set_cut_seq(view.cut.value());
    return response;
}

Result<void> sync(const ContextPtr& context, const wire::SyncRequest& request, const Reply& reply)
{
    PageRequest out;
    KITH_TRY(out.log, readId<LogId>(request.log_id(), "log_id"));
    out.generation = Generation(static_cast<std::uint64_t>(request.generation()));
    out.after = Seq(static_cast<std::uint64_t>(request.after()));
    out.maxEntries = request.max_entries();
    out.marksRevision = request.marks_rev();
    const LogId log = out.log;
    context->chat().reader.page(context->caller(), out,
                                answering<PageView>(reply, [context, log](const PageView& view) {
                                    context->pageRead(log, view.entries.empty() ? view.after : view.entries.back().seq);
                                    return toWire(log, view);
                                }));
    return {};
}

Result<void> ack(const ContextPtr& context, const wire::AckRequest& request, const Reply& reply)
{
    AckRequest out;
    KITH_TRY(out.log, readId<LogId>(request.log_id(), "log_id"));
    out.generation = Generation(static_cast<std::uint64_t>(request.generation()));
    out.cursor = Seq(static_cast<std::uint64_t>(request.cursor()));
    out.delivered = Seq(static_cast<std::uint64_t>(request.delivered()));
    out.read = Seq(static_cast<std::uint64_t>(request.read()));
    for (const auto seq : request.unopened())
        out.unopened.push_back(Seq(static_cast<std::uint64_t>(seq)));
    out.sendNo = SendNo(static_cast<std::uint64_t>(request.send_no()));
    // A newer connection of this device may have stated more by now; the word of this one is old news (P2, P6).
    if (!context->isCurrent())
        return Error::make(wire::WireCode::Unavailable, "a newer connection of this device took over");
    context->stated(out.log, out.cursor);
    context->chat().receipts.ack(
        context->caller(), std::move(out),
        [reply](Result<void> applied) {
            if (!applied.ok())
                reply(applied.error());
        },
        answeringEmpty(reply));
    return {};
}

Result<void> requestResend(const ContextPtr& context, const wire::ResendRequest& request, const Reply& reply)
{
    KITH_TRY(const LogId log, readId<LogId>(request.log_id(), "log_id"));
    context->chat().messages.requestResend(context->caller(), log,
                                           Generation(static_cast<std::uint64_t>(request.generation())),
                                           Seq(static_cast<std::uint64_t>(request.seq())), answeringEmpty(reply));
    return {};
}

constexpr CallEntry table[] = {
    {wire::SEND_MESSAGE, serve<wire::SendMessageRequest, wire::SEND_MESSAGE, sendMessage>},
    {wire::HEADS, serve<wire::HeadsRequest, wire::HEADS, heads>},
    {wire::SYNC, serve<wire::SyncRequest, wire::SYNC, sync>},
    {wire::ACK, serve<wire::AckRequest, wire::ACK, ack>},
    {wire::REQUEST_RESEND, serve<wire::ResendRequest, wire::REQUEST_RESEND, requestResend>},
};

} // namespace

std::span<const CallEntry> messageCalls()
{
    return table;
}

} // namespace kith::server
