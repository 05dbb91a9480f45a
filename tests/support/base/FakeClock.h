#pragma once
/// A clock that stands until a test moves it. Owned by the test; handed out as `const Clock&`. Thread: any.

#include "core/base/Clock.h"

#include <atomic>

namespace kith::test
{

class FakeClock final : public Clock
{
public:
    /// 2026-01-01 00:00 UTC.
    static constexpr std::int64_t defaultWallMs = 1'767'225'600'000;

    /// `wall` and the monotone start, in milliseconds; the monotone clock is not zero, so that a forgotten
    /// initialisation shows.
    explicit FakeClock(std::int64_t wallMs = defaultWallMs, std::int64_t monoMs = 1'000'000)
        : wallMs_(wallMs), monoMs_(monoMs)
    {
    }

    [[nodiscard]] WallTime wall() const override { return wallFromMillis(wallMs_); }
    [[nodiscard]] MonoTime mono() const override { return MonoTime{Millis{monoMs_}}; }

    /// Time passes: both clocks move.
    void advance(Millis by)
    {
        wallMs_ += by.count();
        monoMs_ += by.count();
    }
    /// Somebody set the machine's clock, or it slept with a standing monotone clock. May be negative.
    void jumpWall(Millis by) { wallMs_ += by.count(); }
    /// Only the monotone clock moves.
    void advanceMono(Millis by) { monoMs_ += by.count(); }

private:
    std::atomic<std::int64_t> wallMs_;
    std::atomic<std::int64_t> monoMs_;
};

} // namespace kith::test
