// Any text as an invite link, a server address, a config file's listen address: what parses, formats and parses again
// to the same, and never asks for an unprotected connection to another machine.

#include "core/protocol/wire/InviteLink.h"
#include "server/config/ConfigFile.h"

#include <cstdlib>

using namespace kith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto link = wire::parseInviteLink(text); link.ok()) {
        const auto again = wire::parseInviteLink(wire::formatInviteLink(*link));
        if (!again.ok() || !(*again == *link) || (link->plain && !wire::isLoopbackHost(link->host)))
            std::abort();
    }
    if (const auto address = wire::parseHostPort(text)) {
        if (wire::parseHostPort(wire::formatHostPort(*address)) != address)
            std::abort();
    }
    (void)server::parseListen(text);
    return 0;
}
