#include "core/protocol/wire/FrameCodec.h"

#include "core/protocol/wire/Limits.h"

#include <google/protobuf/message_lite.h>

namespace kith::wire
{

Result<Frame> decodeFrame(ByteView bytes)
{
    if (bytes.size() > maxFrame)
        return Error::make(WireCode::TooLarge, "a frame has more than " + std::to_string(maxFrame) + " octets");
    Frame frame;
    if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return Error::make(WireCode::Invalid, "a frame cannot be read");
    switch (frame.kind()) {
    case REQUEST:
    case RESPONSE:
    case ERROR:
        if (frame.id() == 0)
            return Error::make(WireCode::Invalid, "a request or its answer has no id");
        return frame;
    case EVENT:
        if (frame.id() != 0)
            return Error::make(WireCode::Invalid, "an event has an id");
        return frame;
    default:
        return Error::make(WireCode::Invalid, "a frame has no known kind");
    }
}

void silenceProtobuf()
{
    google::protobuf::SetLogHandler(nullptr);
}

Bytes encodeFrame(FrameKind kind, Method method, std::uint64_t id, ByteView body)
{
    Frame frame;
    frame.set_kind(kind);
    frame.set_method(method);
    frame.set_id(id);
    frame.set_body(body.data(), body.size());
    return frame.SerializeAsString();
}

} // namespace kith::wire
