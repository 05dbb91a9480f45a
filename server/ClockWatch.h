#pragma once
/// Whether the machine's clock may be believed: a clock years ahead would give every new entry a wrong time and let
/// every body go at once. What it is compared with is the time the server last saw, kept in the store, and the monotone
/// clock since. docs/protocol/server-rules.md has the rule. Owned by Server. Thread: one.

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <optional>

namespace kith::server
{

enum class ClockError {
    Behind, ///< Before the time that the server last saw.
    Ahead,  ///< Later than after any plausible pause.
};

class ClockWatch
{
public:
    using Hours = std::chrono::hours;
    static constexpr Hours tolerance{24};          ///< Ahead by more, and bodies wait; behind by more is refused.
    static constexpr Hours confirmedAfter{7 * 24}; ///< A clock that ran steadily so long is right after all.
    static constexpr Hours steady{1};              ///< What it may differ from the monotone clock meanwhile.

    enum class Verdict {
        Trusted,
        Suspected, ///< Ahead: nothing is let go by its age.
        Refused,   ///< Ahead by more than the longest pause: nothing may be written with such a time.
    };

    /// `seen`: the time that the store keeps; nullopt in a new one, or where the operator vouches for the clock.
    ClockWatch(const Clock& clock, std::optional<WallTime> seen, Millis longestPause);

    /// At the start. Behind or Ahead in words for whoever starts the server.
    [[nodiscard]] static Result<void> check(WallTime now, std::optional<WallTime> seen, Millis longestPause);
    /// Looks at the clocks; to be called at least once an hour.
    Verdict observe();
    /// When the clock was right the last time.
    [[nodiscard]] WallTime seen() const { return trusted_.wall; }

private:
    struct Reading {
        WallTime wall;
        MonoTime mono;
    };
    [[nodiscard]] Reading read() const { return {clock_.wall(), clock_.mono()}; }
    /// By how much `now` is later than the monotone clock says.
    [[nodiscard]] static Millis ahead(const Reading& since, const Reading& now);

    const Clock& clock_;
    const Millis longestPause_;
    Reading trusted_;
    std::optional<Reading> suspected_; ///< Since when it runs steadily, ahead.
};

} // namespace kith::server

namespace kith
{
template <> struct ErrorTraits<server::ClockError> {
    static constexpr std::string_view domain = "clock";
    static std::string_view name(server::ClockError code)
    {
        return code == server::ClockError::Behind ? "behind" : "ahead";
    }
    static Remedy remedy(server::ClockError) { return Remedy::AskUser; }
};
} // namespace kith
