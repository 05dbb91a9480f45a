#pragma once
/// Where work runs: an event loop, a pool of threads, or the simulation's virtual time. Ordering: what one thread posts
/// to one executor runs in that order, one at a time. Thread: post() from any.

#include <functional>

namespace kith
{

class Executor
{
public:
    virtual ~Executor() = default;
    /// Queues `work`; never runs it inside the call.
    virtual void post(std::function<void()> work) = 0;
};

} // namespace kith
