// Any octets as the head of an HTTP request, cut anywhere: the answer never changes once it is given, a head that is
// taken lies within the limit, and every refusal is a sentence.

#include "core/protocol/wire/Limits.h"
#include "server/gateway/HttpRoute.h"
#include "server/gateway/RequestHead.h"

#include <cstdlib>

using namespace kith;
using namespace kith::server;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const ByteView bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::size_t cut = bytes.size() * data[0] / 256;
    const auto part = readRequestHead(bytes.substr(0, cut), wire::maxRequestHead);
    const auto whole = readRequestHead(bytes, wire::maxRequestHead);
    if (const auto* head = std::get_if<RequestHead>(&part)) {
        const auto* same = std::get_if<RequestHead>(&whole);
        if (same == nullptr || same->size != head->size || same->target != head->target)
            std::abort();
    }
    if (const auto* head = std::get_if<RequestHead>(&whole)) {
        if (head->size > wire::maxRequestHead || head->size > bytes.size())
            std::abort();
        const auto route = routeOf(*head);
        if (const auto* refusal = std::get_if<HttpRefusal>(&route)) {
            if (refusal->sentence.empty() || httpResponse(*refusal).empty())
                std::abort();
        }
    } else if (const auto* refusal = std::get_if<HttpRefusal>(&whole)) {
        if (refusal->sentence.empty() || refusal->status < 400)
            std::abort();
    }
    return 0;
}
