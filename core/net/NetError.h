#pragma once
/// What can go wrong in core/net besides what the wire itself reports (WireError.h). Thread: pure, any.

#include "core/base/Error.h"

namespace kith::net
{

enum class NetError {
    BadAddress,  ///< A server address cannot be understood or would leave TLS off beyond this machine.
    Unreachable, ///< No connection could be made in the time that the caller allows.
};

} // namespace kith::net

namespace kith
{

template <> struct ErrorTraits<net::NetError> {
    static constexpr std::string_view domain = "net";
    static std::string_view name(net::NetError code);
    static Remedy remedy(net::NetError code);
};

} // namespace kith
