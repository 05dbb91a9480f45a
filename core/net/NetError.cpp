#include "core/net/NetError.h"

namespace kith
{

std::string_view ErrorTraits<net::NetError>::name(net::NetError code)
{
    switch (code) {
    case net::NetError::BadAddress:
        return "bad_address";
    case net::NetError::Unreachable:
        return "unreachable";
    }
    return "unreachable";
}

Remedy ErrorTraits<net::NetError>::remedy(net::NetError code)
{
    return code == net::NetError::BadAddress ? Remedy::AskUser : Remedy::Retry;
}

} // namespace kith
