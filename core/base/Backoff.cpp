#include "core/base/Backoff.h"

#include <algorithm>
#include <utility>

namespace kith
{

Millis Backoff::next(MonoTime now, Random& random)
{
    if (!std::exchange(started_, true))
        since_ = now;
    if (now - since_ >= eagerPeriod)
        ceiling_ = std::min(ceiling_ * 2, longest);
    const Millis jitter{static_cast<Millis::rep>(random.below(static_cast<std::uint64_t>(ceiling_.count()) + 1))};
    return std::exchange(floor_, Millis{0}) + jitter;
}

void Backoff::reset()
{
    *this = Backoff{};
}

} // namespace kith
