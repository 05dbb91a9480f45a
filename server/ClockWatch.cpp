#include "server/ClockWatch.h"

#include <QDateTime>

namespace kith::server
{
namespace
{

std::string text(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(time), Qt::UTC).toString(Qt::ISODate).toStdString();
}

std::string comparison(WallTime now, WallTime seen)
{
    return "This machine's clock says " + text(now) + ", and the server was last running at " + text(seen) + ". ";
}

} // namespace

ClockWatch::ClockWatch(const Clock& clock, std::optional<WallTime> seen, Millis longestPause)
    : clock_(clock), longestPause_(longestPause), trusted_(read())
{
    if (seen)
        trusted_.wall = *seen;
}

Result<void> ClockWatch::check(WallTime now, std::optional<WallTime> seen, Millis longestPause)
{
    const std::string whatToDo = "Set the clock; if it is right, start once with --accept-clock.";
    if (seen && now < *seen - tolerance)
        return Error::make(ClockError::Behind, comparison(now, *seen) +
                                                   "The server does not start with a clock that "
                                                   "went back. Nothing was changed. " +
                                                   whatToDo);
    if (seen && now > *seen + longestPause)
        return Error::make(ClockError::Ahead, comparison(now, *seen) +
                                                  "With a clock that is ahead, messages would get wrong times and be "
                                                  "let go too early. Nothing was changed. " +
                                                  whatToDo);
    return {};
}

Millis ClockWatch::ahead(const Reading& since, const Reading& now)
{
    return (now.wall - since.wall) - (now.mono - since.mono);
}

ClockWatch::Verdict ClockWatch::observe()
{
    const Reading now = read();
    const Millis jump = ahead(trusted_, now);
    if (jump <= tolerance) {
        suspected_.reset();
        if (jump >= -tolerance) // one that went back lets go too little, and is not what the next start compares with
            trusted_ = now;
        return Verdict::Trusted;
    }
    if (jump > longestPause_)
        return Verdict::Refused;
    if (!suspected_ || ahead(*suspected_, now) > steady || ahead(*suspected_, now) < -Millis(steady))
        suspected_ = now;
    if (now.mono - suspected_->mono < confirmedAfter)
        return Verdict::Suspected;
    suspected_.reset();
    trusted_ = now;
    return Verdict::Trusted;
}

} // namespace kith::server
