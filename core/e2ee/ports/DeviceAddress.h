#pragma once
/// The name of one device of one account. Plain value; thread: any.

#include "core/base/StrongId.h"

namespace kith
{

struct DeviceAddress {
    UserId user;
    DeviceId device;
    friend bool operator==(const DeviceAddress&, const DeviceAddress&) = default;
    friend auto operator<=>(const DeviceAddress&, const DeviceAddress&) = default;
};

} // namespace kith
