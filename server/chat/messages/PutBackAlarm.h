#pragma once
/// Notices that a device has stored more of a log than this server holds: its data was put back from an older copy, and
/// nobody ran `kithd restored`. Numbers would be given twice then, so the device is kept waiting (mechanisms.md section
/// 1, "Generation"). Owned by ChatContext. Thread: any.

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "server/domain/Entry.h"

#include <mutex>
#include <optional>

namespace kith::server
{

class PutBackAlarm
{
public:
    static constexpr Millis quiet{60'000};      ///< Between two lines in the log.
    static constexpr Millis retryAfter{30'000}; ///< What the device is asked to wait: a person has to act.

    explicit PutBackAlarm(const Clock& clock) : clock_(clock) {}

    /// The answer to the device, Unavailable. The operator reads of it in the log.
    [[nodiscard]] Error raise(LogId log, DeviceId device);

private:
    const Clock& clock_;
    std::mutex mutex_;
    std::optional<MonoTime> said_;
};

} // namespace kith::server
