// Any octets as any stored value: decoders accept only what their encoder writes, and take no memory for what is not
// there. Input: one octet for the kind, then the value.

#include "server/storage/engine/Keys.h"
#include "server/storage/engine/RowCodec.h"

#include <cstdlib>

using namespace kith;
using namespace kith::server;

namespace
{

template <class Value, class Encode> void check(ByteView value, const std::optional<Value>& decoded, Encode encode)
{
    if (decoded && encode(*decoded) != value)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const ByteView value(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 7) {
    case 0:
        check(value, decodeRow(LogId{}, Seq{}, value), encodeRow);
        break;
    case 1:
        check(value, decodeLogRest(value), encodeLogRest);
        break;
    case 2:
        check(value, decodeSent(value), encodeSent);
        break;
    case 3:
        check(value, decodeCursor(value), encodeCursor);
        break;
    case 4:
        check(value, decodeMark(value), encodeMark);
        break;
    case 5:
        check(value, decodeRecord(value), encodeRecord);
        break;
    default:
        (void)keys::parseRow(value);
        (void)keys::parseMark(value);
        (void)keys::parseHour(value);
        (void)keys::parseActivity(value);
    }
    return 0;
}
