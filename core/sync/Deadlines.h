#pragma once
/// The clock of what waits (P7, mechanisms.md section 5): time is counted while a connection stands, on disk every few
/// minutes so that a crash takes little of it, and what has waited for seven days of it becomes visibly lost at once.
/// Owned by SyncEngine. Engine thread.

#include "core/sync/SyncContext.h"

namespace kith
{

class Deadlines
{
public:
    static constexpr Millis countEvery{5 * 60 * 1000};

    /// `lost`: something was declared lost and committed, so that marks may go out.
    Deadlines(SyncContext& context, std::function<void()> lost) : context_(context), lost_(std::move(lost)) {}

    void connected();
    void disconnected();

private:
    void count();
    void countLater();

    SyncContext& context_;
    std::function<void()> lost_;
    std::optional<MonoTime> since_; ///< Not yet counted from here; absent: no connection.
    std::unique_ptr<Timer> timer_;
};

} // namespace kith
