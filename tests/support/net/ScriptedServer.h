#pragma once
/// A dialogue in calls over a ScriptedTransport: `hear` what the client asks, `answer` or `refuse` it, `tell` events.
/// Owned by the test. Thread: one.

#include "core/base/Error.h"
#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/WireError.h"
#include "tests/support/net/ScriptedTransport.h"

namespace kith::test
{

class ScriptedServer
{
public:
    explicit ScriptedServer(ScriptedTransport& transport) : transport_(transport) {}

    /// The client's next request as `Request`; nullopt when it said nothing, or something else (see `lastMethod`).
    /// answer() and refuse() then refer to it.
    template <class Request> std::optional<Request> hear(wire::Method method)
    {
        const auto said = transport_.clientSaid();
        if (!said)
            return std::nullopt;
        Result<wire::Frame> frame = wire::decodeFrame(*said);
        if (!frame.ok() || frame.value().kind() != wire::REQUEST)
            return std::nullopt;
        method_ = frame.value().method();
        id_ = frame.value().id();
        if (method_ != method)
            return std::nullopt;
        Result<Request> request = wire::parseBody<Request>(method, frame.value().body());
        return request.ok() ? std::optional<Request>(std::move(request).value()) : std::nullopt;
    }
    template <class Response> bool answer(const Response& response) { return answerTo(id_, method_, response); }
    template <class Response> bool answerTo(std::uint64_t id, wire::Method method, const Response& response)
    {
        return transport_.serverSays(wire::encodeFrame(wire::RESPONSE, method, id, response.SerializeAsString()));
    }
    bool refuse(wire::WireCode code, std::string detail, Millis retryAfter = Millis{0})
    {
        Error error = Error::make(code, std::move(detail));
        error.retryAfter = retryAfter;
        return transport_.serverSays(
            wire::encodeFrame(wire::ERROR, method_, id_, wire::toWire(error).SerializeAsString()));
    }
    template <class Event> bool tell(wire::Method method, const Event& event)
    {
        return transport_.serverSays(wire::encodeFrame(wire::EVENT, method, 0, event.SerializeAsString()));
    }

    /// A Hello as a present server would give it.
    static wire::HelloResponse hello(std::int64_t serverMs = 1'767'225'600'000)
    {
        wire::HelloResponse hello;
        hello.set_minor_version(1);
        hello.set_oldest_minor_version(1);
        hello.set_challenge(Bytes(32, 'c'));
        hello.set_server_id(Bytes(16, 's'));
        hello.set_server_time_ms(serverMs);
        return hello;
    }

    [[nodiscard]] wire::Method lastMethod() const { return method_; }
    [[nodiscard]] std::uint64_t lastId() const { return id_; }

private:
    ScriptedTransport& transport_;
    wire::Method method_ = wire::METHOD_UNSPECIFIED;
    std::uint64_t id_ = 0;
};

} // namespace kith::test
