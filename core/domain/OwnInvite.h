#pragma once
/// An invite that this account makes for others. Thread: plain values.

#include "core/base/Clock.h"

#include <cstdint>
#include <string>

namespace kith
{

struct InviteWish {
    std::uint32_t uses = 0; ///< How many people it lets in; 0: one.
    Millis lifetime{0};     ///< 0: the server's default.
};

struct OwnInvite {
    std::string link; ///< Whoever has it may use it: shown once, kept nowhere.
    std::string id;   ///< Hexadecimal: names it to revoke it, admits nobody.
    WallTime expires;
};

} // namespace kith
