#include "server/gateway/Peer.h"

#include "core/base/Log.h"
#include "core/protocol/wire/Limits.h"
#include "server/gateway/calls/CallTable.h"
#include "server/gateway/calls/DomainCodec.h"

#include <algorithm>

namespace kith::server
{
namespace
{

constexpr std::uint32_t maxRefusedInARow = 2000;
constexpr std::int64_t hourMs = 3'600'000;

template <class Message> Bytes eventFrame(wire::Method method, const Message& message)
{
    return wire::encodeFrame(wire::EVENT, method, 0, message.SerializeAsString());
}

} // namespace

Peer::Peer(PeerServices& services, PeerOwner& owner, ConnectionId id, std::shared_ptr<PeerSink> sink, Bytes address)
    : services_(services), owner_(owner), id_(id), sink_(std::move(sink)), address_(std::move(address)),
      opened_(services.clock.mono()), lastHeard_(opened_), lastCheck_(opened_), frameCounted_(opened_),
      delivery_(*this, services.clock), events_(*sink_)
{
    caller_.strand = &services.strand;
}

// --- requests

bool Peer::takeFrameToken()
{
    constexpr std::int64_t cost = frameRefill.count();
    const MonoTime now = services_.clock.mono();
    frameBalance_ = std::min<std::int64_t>(frameBalance_ + (now - frameCounted_).count(), frameBurst * cost);
    frameCounted_ = now;
    if (frameBalance_ < cost)
        return false;
    frameBalance_ -= cost;
    return true;
}

void Peer::frame(const Bytes& bytes)
{
    if (state_ == PeerState::Closed)
        return;
    lastHeard_ = services_.clock.mono();
    const auto frame = wire::decodeFrame(bytes);
    if (!frame.ok())
        return protocolError(frame.error().detail);
    if (frame->kind() != wire::REQUEST)
        return protocolError("a client sends requests only");
    if (frame->id() <= lastRequest_)
        return protocolError("request ids rise");
    lastRequest_ = frame->id();
    if (!takeFrameToken()) {
        if (++refusedInARow_ > maxRefusedInARow)
            return protocolError("too many frames");
        Error error = Error::make(wire::WireCode::RateLimited, "too many frames a second on this connection");
        error.retryAfter = Millis{1000};
        return answer(frame->method(), frame->id(), error);
    }
    refusedInARow_ = 0;
    request(*frame);
    if (state_ == PeerState::Authenticated && lastHeard_ - lastCheck_ >= checkEvery)
        check();
}

void Peer::request(const wire::Frame& frame)
{
    const wire::Call* call = wire::findCall(frame.method());
    const Verdict verdict = judge(state_, call);
    if (verdict == Verdict::Ignore)
        return;
    if (verdict != Verdict::Serve)
        return answer(frame.method(), frame.id(), refusalOf(verdict));
    if (minorVersion_ != 0 && minorVersion_ < wire::oldestMinorVersion && call->method != wire::HELLO)
        return answer(
            frame.method(), frame.id(),
            Error::make(wire::WireCode::Denied, "this version of Kith is too old for this server; update it"));
    // Answers that wait to be sent count too: who does not read them is not served more.
    if (waiting_.empty() && inFlight_ < maxInFlight && !congested())
        return serve(frame);
    if (waiting_.size() >= maxWaiting || waitingOctets_ + frame.body().size() > maxWaitingOctets)
        return protocolError("more requests at once than this server takes");
    waitingOctets_ += frame.body().size();
    waiting_.push_back(frame);
    if (reading_ && (waiting_.size() >= pauseAbove || waitingOctets_ >= pauseAboveOctets)) {
        reading_ = false;
        sink_->setReading(false);
    }
}

void Peer::serve(const wire::Frame& frame)
{
    const bool signsIn = frame.method() == wire::AUTHENTICATE || frame.method() == wire::RESUME;
    if (signsIn && signingIn_)
        return answer(frame.method(), frame.id(),
                      Error::make(wire::WireCode::Invalid, "this connection is signing in already"));
    signingIn_ = signingIn_ || signsIn;
    // Acks are answered with the next group commit, which may be long in coming: nobody waits for them.
    const bool counted = frame.method() != wire::ACK;
    inFlight_ += counted ? 1 : 0;
    const CallHandler handler = handlerOf(frame.method());
    auto given = std::make_shared<bool>(false); // copies of the reply agree on whether it was given
    handler(shared_from_this(), frame.body(),
            [self = shared_from_this(), given, method = frame.method(), id = frame.id(), signsIn,
             counted](const Result<Bytes>& result) {
                if (std::exchange(*given, true))
                    return;
                if (signsIn)
                    self->signingIn_ = false;
                self->answer(method, id, result);
                if (counted)
                    self->answered();
            });
}

void Peer::answered()
{
    --inFlight_;
    if (state_ == PeerState::Draining && inFlight_ == 0)
        return close();
    if (closeWhenAnswered_)
        return close();
    serveWaiting();
}

void Peer::serveWaiting()
{
    while (!waiting_.empty() && inFlight_ < maxInFlight && !congested()) {
        const wire::Frame frame = std::move(waiting_.front());
        waiting_.pop_front();
        waitingOctets_ -= frame.body().size();
        const Verdict verdict = judge(state_, wire::findCall(frame.method())); // the state may have changed
        if (verdict == Verdict::Serve)
            serve(frame);
        else if (verdict != Verdict::Ignore)
            answer(frame.method(), frame.id(), refusalOf(verdict));
    }
    if (!reading_ && waiting_.size() <= resumeBelow) {
        reading_ = true;
        lastHeard_ = services_.clock.mono(); // we were the deaf ones
        sink_->setReading(true);
    }
}

void Peer::answer(wire::Method method, std::uint64_t id, const Result<Bytes>& result)
{
    if (state_ == PeerState::Closed)
        return;
    if (result.ok()) {
        sink_->sendFrame(wire::encodeFrame(wire::RESPONSE, method, id, *result));
        return;
    }
    const wire::CallError error = callError(result.error());
    if (error.code() == wire::INTERNAL)
        log(LogLevel::Error, "call_failed",
            {{"call", wire::methodName(method)}, {"code", result.error().name}, {"domain", result.error().domain}});
    sink_->sendFrame(wire::encodeFrame(wire::ERROR, method, id, error.SerializeAsString()));
}

void Peer::protocolError(std::string detail)
{
    sayGoodbye(wire::Goodbye::PROTOCOL, Millis{0}, std::move(detail));
}

// --- the connection's life

const Bytes& Peer::makeChallenge()
{
    if (challenge_.empty())
        challenge_ = services_.random.bytes(32);
    return challenge_;
}

void Peer::signedIn(const SignedIn& device)
{
    if (state_ != PeerState::Greeting)
        return;
    state_ = PeerState::Authenticated;
    caller_.user = device.user;
    caller_.device = device.device;
    caller_.incarnation = device.incarnation;
    const MonoTime now = services_.clock.mono();
    lastCheck_ = now;
    activityToken_ = static_cast<std::uint64_t>(toMillis(services_.clock.wall()) / hourMs);
    claim_ = services_.devices.claim(device.user, device.device, [weak = weak_from_this(), &strand = services_.strand] {
        strand.post([weak] {
            if (const auto self = weak.lock())
                self->sayGoodbye(wire::Goodbye::REPLACED, Millis{0}, "a newer connection of this device took over");
        });
    });
    owner_.subscribe(*this);
    sink_->signedIn();
    services_.chat.presence.seen(caller_.user, caller_.device);
}

void Peer::loggedOut()
{
    closeWhenAnswered_ = true;
    if (inFlight_ == 0)
        close();
}

void Peer::sayGoodbye(wire::Goodbye::Reason reason, Millis retryAfter, std::string detail)
{
    if (state_ == PeerState::Closed || state_ == PeerState::Draining)
        return;
    wire::Goodbye goodbye;
    goodbye.set_reason(reason);
    goodbye.set_retry_after_ms(static_cast<std::uint32_t>(retryAfter.count()));
    const bool final = reason == wire::Goodbye::REPLACED || reason == wire::Goodbye::REVOKED;
    goodbye.set_resume(state_ == PeerState::Authenticated && !final);
    goodbye.set_detail(std::move(detail));
    if (reason == wire::Goodbye::TOO_SLOW)
        sink_->dropUnsent();
    sink_->sendFrame(eventFrame(wire::GOODBYE, goodbye));
    if (reason == wire::Goodbye::RESTARTING && inFlight_ > 0) {
        state_ = PeerState::Draining;
        return;
    }
    close();
}

void Peer::close()
{
    if (state_ == PeerState::Closed)
        return;
    state_ = PeerState::Closed;
    waiting_.clear();
    if (claim_) {
        services_.devices.release(caller_.user, caller_.device, claim_);
        owner_.unsubscribe(*this);
        if (*claim_)
            services_.chat.presence.gone(caller_);
    }
    sink_->close();
}

void Peer::gone()
{
    close();
}

void Peer::checkDeadlines()
{
    const MonoTime now = services_.clock.mono();
    if (state_ == PeerState::Greeting && now - opened_ >= signInWithin)
        sayGoodbye(wire::Goodbye::IDLE, Millis{0}, "nobody signed in on this connection");
    else if (now - lastHeard_ >= Millis{wire::deafAfterMs})
        sayGoodbye(wire::Goodbye::IDLE, Millis{0}, "nothing was heard for 30 seconds");
}

// --- delivery

bool Peer::congested()
{
    if (sink_->unsent() < congestedAbove)
        return false;
    sink_->notifyBelow(congestedAbove / 2);
    return true;
}

void Peer::writable()
{
    if (state_ == PeerState::Closed)
        return;
    serveWaiting();
    if (state_ != PeerState::Authenticated)
        return;
    events_.flush();
    delivery_.pump();
}

Result<Seq> Peer::statedCursor(LogId log)
{
    return services_.chat.reader.statedNow(caller_.user, caller_.device, log);
}

Result<PageView> Peer::readPage(const PageRequest& request)
{
    return services_.chat.reader.pageNow(caller_.user, caller_.device, request);
}

void Peer::sendEntries(LogId log, Generation generation, const std::vector<Entry>& entries, Seq head)
{
    wire::Entries message;
    message.set_log_id(log.bytes());
    message.set_generation(generation.value());
    for (const Entry& entry : entries)
        write(entry, log, message.add_entries());
    message.set_head(head.value());
    sink_->sendFrame(eventFrame(wire::ENTRIES, message));
}

void Peer::stated(LogId log, Seq cursor)
{
    if (isCurrent())
        delivery_.stated(log, cursor);
}

void Peer::focused(LogId log)
{
    focus_ = log;
    delivery_.focus(log);
}

void Peer::event(const BusEvent& event)
{
    if (state_ != PeerState::Authenticated)
        return;
    if (const auto* hint = std::get_if<Hint>(&event.what)) {
        delivery_.hinted(*hint, caller_.device);
    } else if (const auto* marks = std::get_if<MarksMoved>(&event.what)) {
        events_.marks(marks->log, marks->generation, marks->marks);
    } else if (const auto* typing = std::get_if<TypingSeen>(&event.what)) {
        if (!focus_.isNull() && typing->log == focus_)
            events_.typing(*typing);
    } else if (const auto* presence = std::get_if<PresenceSeen>(&event.what)) {
        if (watchesPresence_)
            events_.presence(presence->presence);
    } else if (const auto* revoked = std::get_if<DeviceRevoked>(&event.what)) {
        if (revoked->device == caller_.device)
            sayGoodbye(wire::Goodbye::REVOKED, Millis{0}, "this device was removed from the account");
    } else if (const auto* keys = std::get_if<KeysRunLow>(&event.what)) {
        if (keys->device != caller_.device)
            return;
        wire::KeysLow message;
        message.set_one_time_prekeys(keys->oneTimePreKeys);
        sink_->sendFrame(eventFrame(wire::KEYS_LOW, message));
    } else if (const auto* resend = std::get_if<ResendWanted>(&event.what)) {
        if (resend->device == caller_.device)
            return;
        wire::ResendWanted message;
        message.set_log_id(resend->log.bytes());
        message.set_generation(resend->generation.value());
        message.set_seq(resend->seq.value());
        message.set_user(resend->user.bytes());
        message.set_device(resend->device.bytes());
        message.set_incarnation(resend->incarnation);
        sink_->sendFrame(eventFrame(wire::RESEND_WANTED, message));
    }
}

// --- the idle check: hints may be lost, this bounds the delay to a heartbeat (mechanisms.md section 2)

void Peer::check()
{
    if (state_ != PeerState::Authenticated)
        return;
    lastCheck_ = services_.clock.mono();
    services_.chat.presence.seen(caller_.user, caller_.device);
    delivery_.forgetIdle();
    checkPage({activityToken_, {}, {}});
}

void Peer::checkPage(const HeadsRequest& request)
{
    services_.chat.reader.heads(caller_, request, [self = shared_from_this(), request](const Result<HeadsView>& view) {
        if (!view.ok() || self->state_ != PeerState::Authenticated)
            return;
        const bool first = request.afterLog.isNull();
        for (const HeadView& head : view->logs)
            self->delivery_.headSeen(head.log, head.generation, head.head);
        for (const LogId& log : self->events_.marksMissing(*view, first))
            self->sendMarks(log);
        self->delivery_.pump();
        if (first)
            self->activityToken_ = view->activityToken;
        if (view->more)
            self->checkPage({request.activityToken, {}, view->lastLog});
    });
}

void Peer::sendMarks(LogId log)
{
    PageRequest request;
    request.log = log;
    request.after = Seq(~std::uint64_t{0} >> 1); // marks only
    const auto page = readPage(request);
    if (page.ok() && page->marks)
        events_.marks(log, page->head.generation, *page->marks);
}

} // namespace kith::server
