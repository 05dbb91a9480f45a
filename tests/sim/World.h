#pragma once
/// Virtual time: a heap of due work, one clock, one die. Everything that happens in a simulation happens in step(), in
/// an order that the seed alone decides. Owned by the run; single-threaded.

#include "core/base/Clock.h"
#include "core/base/Executor.h"
#include "tests/sim/Faults.h"
#include "tests/support/base/SeededRandom.h"

#include <queue>

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

namespace kith::sim
{

/// Work of something that can die: it runs only while the life is alive.
using Life = std::shared_ptr<bool>;

class World
{
public:
    explicit World(std::uint64_t seed);

    /// Right time, as the server has it.
    [[nodiscard]] Clock& clock() { return clock_; }
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
    /// True once in `times` on average.
    [[nodiscard]] bool oneIn(std::uint64_t times) { return random_.below(times) == 0; }
    [[nodiscard]] Millis now() const { return clock_.now; }

    /// Runs `work` `delay` from now unless `life` ended by then; equal times run in the order of the calls.
    void after(Millis delay, const Life& life, std::function<void()> work);

    /// Runs the next due work and moves the clock to it; false when nothing waits.
    bool step();
    /// Runs what is due within `duration`, then moves the clock there.
    void run(Millis duration);
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

    /// A fault really happened.
    void happened(Fault fault, std::uint64_t times = 1) { faults_.add(fault, times); }
    [[nodiscard]] const FaultCounts& faults() const { return faults_; }
    /// Makes `bytes` part of what this run was. Two runs of a seed that differ anywhere end with different traces.
    void record(ByteView bytes);
    [[nodiscard]] std::uint64_t trace() const { return trace_; }

private:
    class VirtualClock final : public Clock
    {
    public:
        [[nodiscard]] WallTime wall() const override { return wallFromMillis(1'767'225'600'000 + now.count()); }
        [[nodiscard]] MonoTime mono() const override { return MonoTime{now + Millis{1'000'000}}; }
        Millis now{0};
    };
    struct Due {
        Millis at;
        std::uint64_t order;
        Life life;
        std::function<void()> work;
    };
    struct Later {
        bool operator()(const Due& a, const Due& b) const { return a.at != b.at ? a.at > b.at : a.order > b.order; }
    };

    VirtualClock clock_;
    test::SeededRandom random_;
    std::priority_queue<Due, std::vector<Due>, Later> due_;
    std::uint64_t order_ = 0;
    std::uint64_t steps_ = 0;
    FaultCounts faults_;
    std::uint64_t trace_ = 0xcbf29ce484222325; ///< FNV-1a, 64 bit.
};

/// A device's clocks: both run as the world does; the wall clock is wrong, and may jump.
class DeviceClock final : public Clock
{
public:
    explicit DeviceClock(World& world) : world_(world) {}
    [[nodiscard]] WallTime wall() const override { return world_.clock().wall() + wrongBy; }
    [[nodiscard]] MonoTime mono() const override { return world_.clock().mono(); }

    Millis wrongBy{0};

private:
    World& world_;
};

/// Posts into the world, in order, each after a delay of up to `lag`, and forgets everything when its owner dies.
class VirtualExecutor final : public Executor
{
public:
    VirtualExecutor(World& world, Life life, Millis lag = Millis{0}) : world_(world), life_(std::move(life)), lag_(lag)
    {
    }
    void post(std::function<void()> work) override
    {
        if (lag_ > Millis{0})
            last_ = std::max(last_, world_.now() + Millis{static_cast<Millis::rep>(
                                                       world_.below(static_cast<std::uint64_t>(lag_.count()) + 1))});
        world_.after(std::max(last_ - world_.now(), Millis{0}), life_, std::move(work));
    }

private:
    World& world_;
    Life life_;
    Millis lag_;
    Millis last_{0};
};

} // namespace kith::sim
