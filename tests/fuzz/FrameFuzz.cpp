// Any octets as a frame: what decodes, encodes to something that decodes to the same.

#include "core/protocol/wire/FrameCodec.h"
#include "core/protocol/wire/WireError.h"

#include <cstdlib>

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto frame = wire::decodeFrame({reinterpret_cast<const char*>(data), size});
    if (!frame.ok())
        return 0;
    (void)wire::findCall(frame->method());
    const auto again = wire::decodeFrame(wire::encodeFrame(frame->kind(), frame->method(), frame->id(), frame->body()));
    if (!again.ok() || again->body() != frame->body() || again->id() != frame->id())
        std::abort();
    return 0;
}
