#pragma once
/// Virtual time: a heap of due work, one clock, one die. Everything that happens in a simulation happens in step(), in
/// an order that the seed alone decides. Owned by the run; single-threaded.

#include "core/base/Clock.h"
#include "core/base/Executor.h"
#include "tests/support/base/SeededRandom.h"

#include <queue>

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
};

/// Posts into the world, after a small random delay where asked, and forgets everything when its owner dies.
class VirtualExecutor final : public Executor
{
public:
    VirtualExecutor(World& world, Life life) : world_(world), life_(std::move(life)) {}
    void post(std::function<void()> work) override { world_.after(Millis{0}, life_, std::move(work)); }

private:
    World& world_;
    Life life_;
};

} // namespace kith::sim
