#pragma once
/// Bytes <-> Frame, strictly. A frame that passes decode() has a known kind, a body within bounds and an id that fits
/// its kind; what the body holds is the caller's to parse. Thread: pure functions, any.

#include "core/base/Bytes.h"
#include "core/base/Result.h"
#include "core/protocol/wire/rpc.pb.h"

namespace kith::wire
{

/// Refuses more than maxFrame octets before parsing, malformed Protobuf, unknown kinds, requests and responses with id
/// 0 and events with another. Unknown methods pass: the receiver answers those in words.
[[nodiscard]] Result<Frame> decodeFrame(ByteView bytes);

[[nodiscard]] Bytes encodeFrame(FrameKind kind, Method method, std::uint64_t id, ByteView body);

/// Protobuf writes on stderr about what it refuses, which a hostile peer could repeat for ever. Errors come back as
/// values, so programs switch it off at their start.
void silenceProtobuf();

/// Parses one call's message out of a body; the error names the method.
template <class Message> [[nodiscard]] Result<Message> parseBody(Method method, ByteView body);

} // namespace kith::wire

#include "core/protocol/wire/WireError.h"

namespace kith::wire
{

template <class Message> Result<Message> parseBody(Method method, ByteView body)
{
    Message message;
    if (!message.ParseFromArray(body.data(), static_cast<int>(body.size())))
        return Error::make(WireCode::Invalid, "the body of " + std::string(methodName(method)) + " cannot be read");
    return message;
}

} // namespace kith::wire
