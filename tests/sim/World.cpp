#include "tests/sim/World.h"

namespace kith::sim
{

World::World(std::uint64_t seed) : random_(seed) {}

void World::after(Millis delay, const Life& life, std::function<void()> work)
{
    due_.push({clock_.now + delay, order_++, life, std::move(work)});
}

bool World::step()
{
    if (due_.empty())
        return false;
    Due next = std::move(const_cast<Due&>(due_.top())); // popped in the next line; the heap never looks at it again
    due_.pop();
    clock_.now = next.at;
    ++steps_;
    if (*next.life) {
        const auto at = static_cast<std::uint64_t>(next.at.count());
        for (const std::uint64_t word : {at, next.order})
            trace_ = (trace_ ^ word) * 0x100000001b3;
        next.work();
    }
    return true;
}

void World::record(ByteView bytes)
{
    for (const char octet : bytes)
        trace_ = (trace_ ^ static_cast<unsigned char>(octet)) * 0x100000001b3;
}

void World::run(Millis duration)
{
    const Millis end = clock_.now + duration;
    while (!due_.empty() && due_.top().at <= end)
        step();
    clock_.now = end;
}

} // namespace kith::sim
