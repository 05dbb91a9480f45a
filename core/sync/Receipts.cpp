#include "core/sync/Receipts.h"

namespace kith
{
namespace
{

constexpr std::size_t atOnce = 64;

wire::AckRequest toWire(const AckState& ack)
{
    wire::AckRequest request;
    request.set_log_id(ack.log.bytes());
    request.set_generation(ack.generation.value());
    request.set_cursor(ack.cursor.value());
    request.set_delivered(ack.delivered.value());
    request.set_read(ack.read.value());
    for (const Seq seq : ack.unopened)
        request.add_unopened(seq.value());
    request.set_send_no(ack.sendNo.value());
    return request;
}

} // namespace

Result<void> Receipts::markRead(LogId log, Seq seq)
{
    KITH_CHECK(context_.store.write([&] { return context_.store.marks().setRead(log, seq); }));
    schedule();
    return {};
}

void Receipts::schedule()
{
    if (timer_ == nullptr && context_.connected()) {
        timer_ = context_.timers.after(coalesce, [this] {
            timer_.reset();
            flush();
        });
    }
}

void Receipts::connected()
{
    ++connection_;
    stated_.clear();
    schedule();
}

void Receipts::disconnected()
{
    ++connection_;
    stated_.clear();
    timer_.reset();
}

Result<bool> Receipts::pending()
{
    KITH_TRY(const auto waiting, context_.store.marks().unacknowledged(atOnce));
    for (const AckState& ack : waiting) {
        const auto stated = stated_.find(ack.log);
        if (stated == stated_.end() || stated->second < ack.revision)
            return true;
    }
    return false;
}

void Receipts::flush()
{
    if (!context_.connected())
        return;
    const auto waiting = context_.store.marks().unacknowledged(10'000);
    if (!waiting)
        return; // the store says so itself, and everything is stated again later
    std::size_t sent = 0;
    for (const AckState& ack : *waiting) {
        std::uint64_t& stated = stated_[ack.log];
        if (stated >= ack.revision)
            continue;
        if (++sent > atOnce)
            return schedule();
        stated = ack.revision;
        state(ack);
    }
}

void Receipts::state(const AckState& ack)
{
    net::CallOptions options;
    options.timeout = std::nullopt; // answered with the server's next group commit
    context_.connection.call<wire::AckRequest, wire::AckResponse>(
        wire::ACK, toWire(ack),
        [this, log = ack.log, revision = ack.revision, connection = connection_](Result<wire::AckResponse> answer) {
            if (!answer) {
                // A refusal (a cut log, a clone) is the catch-up's to settle; a broken connection states it again.
                if (connection == connection_)
                    stated_.erase(log);
                return;
            }
            const auto kept = context_.store.write([&] { return context_.store.marks().acknowledged(log, revision); });
            static_cast<void>(kept); // not kept: stated once more on the next connection
        },
        options);
}

Result<void> Receipts::received(const wire::Marks& marks)
{
    const auto log = LogId::fromBytes(marks.log_id());
    if (!log)
        return Error::make(wire::WireCode::Invalid, "marks of the server name no log");
    ConversationMarks out;
    out.generation = Generation{std::uint64_t{marks.generation()}};
    out.revision = marks.marks_rev();
    for (const wire::MemberMark& member : marks.members()) {
        const auto user = UserId::fromBytes(member.user());
        if (!user)
            return Error::make(wire::WireCode::Invalid, "marks of the server name no user");
        out.members.push_back({*user, Seq{std::uint64_t{member.delivered()}}, Seq{std::uint64_t{member.read()}}});
    }
    KITH_TRY(const auto known, context_.store.conversations().find(*log));
    if (!known)
        return {}; // comes again with the first page of that log
    return context_.store.write([&] { return context_.store.marks().apply(*log, out, context_.account.user); });
}

} // namespace kith
