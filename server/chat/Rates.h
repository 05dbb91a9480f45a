#pragma once
/// Port demanded by chat: token buckets. server/limits has the buckets; whoever builds the program joins the two.
/// Thread: any.

#include "core/base/Bytes.h"
#include "server/domain/Limits.h"

namespace kith::server
{

class Rates
{
public:
    virtual ~Rates() = default;
    /// Takes one token of `key`'s bucket. Zero: taken; else how long until there is one.
    [[nodiscard]] virtual Millis take(Rate rate, ByteView key) = 0;
};

} // namespace kith::server
