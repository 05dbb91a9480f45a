#include "core/sync/Outbox.h"

#include <algorithm>

namespace kith
{
namespace
{

constexpr Millis shortestPause{500};
constexpr Millis putBackPause{30'000};

} // namespace

Result<Message> Outbox::compose(const NewMessage& message)
{
    std::optional<Message> row;
    KITH_CHECK(context_.store.write([&]() -> Result<void> {
        KITH_TRY(const MessageId id,
                 context_.store.outbox().compose(message, context_.account.user, context_.account.device));
        KITH_TRY(row, context_.store.messages().find(id));
        return {};
    }));
    if (!row)
        return Error::make(StoreError::NotFound, "the queued message has no row");
    context_.executor.post([this] { pump(); });
    return *row;
}

Result<void> Outbox::retry(MessageId id)
{
    KITH_CHECK(context_.store.write([&] { return context_.store.outbox().retry(id); }));
    pump();
    return {};
}

void Outbox::pump()
{
    if (!context_.maySeal() || std::exchange(pumping_, true))
        return;
    sealQueued();
    if (const auto logs = context_.store.outbox().logsToSend()) {
        for (const LogId& log : *logs) {
            Lane& lane = lanes_[log];
            if (const auto sent = send(log, lane); !sent)
                pauseLane(log, shortestPause);
        }
    }
    pumping_ = false;
}

/// In order of composing, through the whole queue: a lane that has to wait lets the others pass, however much it holds.
void Outbox::sealQueued()
{
    for (MessageId after;;) {
        const auto queued = context_.store.outbox().queued(after, sealAtOnce);
        if (!queued)
            return;
        for (const OutboxItem& item : *queued) {
            Lane& lane = lanes_[item.log];
            after = item.id;
            if (lane.state != LaneState::Open)
                continue;
            if (const auto sealed = seal(item, lane); !sealed)
                pauseLane(item.log, shortestPause);
        }
        if (queued->size() < sealAtOnce)
            return;
    }
}

Result<void> Outbox::send(LogId log, Lane& lane)
{
    if (lane.state != LaneState::Open || lane.inFlight >= window)
        return {};
    KITH_TRY(const auto items, context_.store.outbox().unanswered(log, window));
    KITH_TRY(const auto conversation, context_.store.conversations().find(log));
    if (!conversation)
        return Error::make(StoreError::NotFound, "the conversation is gone");
    for (const OutboxItem& item : items) {
        if (item.state != OutboxState::Sealed)
            continue;
        KITH_CHECK(context_.store.write([&] { return context_.store.outbox().handOver(item.id); }));
        transmit(item, *conversation, lane);
    }
    return {};
}

void Outbox::transmit(const OutboxItem& item, const Conversation& conversation, Lane& lane)
{
    wire::SendMessageRequest request;
    if (!request.ParseFromString(item.sealed))
        return;
    request.set_send_no(item.sendNo.value());
    request.set_generation(conversation.generation.value());
    ++lane.inFlight;
    context_.connection.call<wire::SendMessageRequest, wire::SendMessageResponse>(
        wire::SEND_MESSAGE, request,
        [this, log = item.log, id = item.id, round = lane.round](const Result<wire::SendMessageResponse>& answer) {
            answered(log, id, round, answer);
        });
}

void Outbox::answered(LogId log, MessageId id, std::uint64_t round, const Result<wire::SendMessageResponse>& answer)
{
    Lane& lane = lanes_[log];
    if (lane.round == round && lane.inFlight > 0)
        --lane.inFlight;
    Result<void> outcome;
    if (answer)
        outcome = accepted(id, *answer); // true whatever round it belongs to
    else if (lane.round == round)
        outcome = refused(log, id, answer.error(), lane);
    if (!outcome)
        pauseLane(log, shortestPause);
    pump();
}

Result<void> Outbox::accepted(MessageId id, const wire::SendMessageResponse& answer)
{
    Acceptance acceptance;
    if (!answer.accepted_earlier() && answer.seq() != 0) {
        acceptance.position =
            LogPosition{Generation{std::uint64_t{answer.generation()}}, Seq{std::uint64_t{answer.seq()}}};
        acceptance.serverTime = wallFromMillis(answer.server_time_ms());
        acceptance.chain = answer.chain();
    }
    KITH_TRY(const auto now, context_.store.outbox().find(id));
    if (!now || now->state == OutboxState::Accepted)
        return {}; // the log said so first
    return context_.store.write([&] { return context_.store.outbox().accept(id, acceptance); });
}

Result<void> Outbox::refused(LogId log, MessageId id, const Error& error, Lane& lane)
{
    if (!context_.connected())
        return {}; // disconnected() has seen to it
    if (const auto detail = wire::conflictOf(error))
        return conflict(log, id, *detail, lane);
    KITH_CHECK(rewind(log, lane));
    if (error.remedy == Remedy::Retry || error.is(wire::WireCode::Internal)) {
        pauseLane(log, std::max(error.retryAfter, shortestPause));
        return {};
    }
    // The numbers behind it move down and go again.
    return context_.store.write([&] { return context_.store.outbox().reject(id, error); });
}

Result<void> Outbox::conflict(LogId log, MessageId id, const wire::Conflict& detail, Lane& lane)
{
    KITH_CHECK(rewind(log, lane));
    switch (detail.detail_case()) {
    case wire::Conflict::kDeviceList:
        return learnLists(log, id, detail.device_list(), lane);
    case wire::Conflict::kSendNo: {
        const SendNo expected{std::uint64_t{detail.send_no().expected()}};
        KITH_TRY(const std::size_t accepted, context_.store.outbox().accepted(log));
        if (expected.value() <= accepted) {
            // In one generation it forgets nothing. To follow it would give a number twice.
            context_.connection.notNow("it was put back from an older copy of its data and lacks messages that it had "
                                       "accepted: its operator has to run 'kithd restored'. Nothing here is lost",
                                       putBackPause);
            return {};
        }
        return context_.store.write([&] { return context_.store.outbox().renumber(log, expected); });
    }
    case wire::Conflict::kCut:
        lane.state = LaneState::CatchingUp;
        hooks_.needsCatchUp(log);
        return {};
    default:
        pauseLane(log, shortestPause);
        return {};
    }
}

/// Nothing of this lane counts as sent any more; it goes again, in order. Later refusals of this round say nothing new.
Result<void> Outbox::rewind(LogId log, Lane& lane)
{
    ++lane.round;
    lane.inFlight = 0;
    KITH_TRY(const auto items, context_.store.outbox().unanswered(log, 1000));
    return context_.store.write([&]() -> Result<void> {
        for (const OutboxItem& item : items) {
            if (item.state == OutboxState::Sent)
                KITH_CHECK(context_.store.outbox().reseal(item.id, item.sealed));
        }
        return {};
    });
}

void Outbox::pauseLane(LogId log, Millis wait)
{
    Lane& lane = lanes_[log];
    lane.state = LaneState::Pausing;
    lane.pause = context_.timers.after(wait, [this, log] { resume(log); });
}

void Outbox::caughtUp(LogId log)
{
    const LaneState state = lanes_[log].state;
    if (state == LaneState::CatchingUp || state == LaneState::Open)
        resume(log);
}

void Outbox::resume(LogId log)
{
    lanes_[log].state = LaneState::Open;
    context_.executor.post([this] { pump(); });
}

void Outbox::disconnected()
{
    for (auto& [log, lane] : lanes_) {
        const std::uint64_t round = lane.round + 1;
        lane = Lane{};
        lane.round = round;
    }
    const auto noted = context_.store.write([&] { return context_.store.outbox().disconnected(); });
    static_cast<void>(noted); // a stopped writer is told by the store
}

} // namespace kith
