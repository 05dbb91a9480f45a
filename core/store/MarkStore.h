#pragma once
/// Receipt watermarks of members, the own read position, and what of it the server has not acknowledged yet. Marks
/// never fall. Owned by ClientStore. Thread: the engine thread.

#include "core/domain/Marks.h"
#include "core/store/StoreContext.h"

#include <vector>

namespace kith
{

class MarkStore
{
public:
    static constexpr std::size_t maxUnopened = 64;

    explicit MarkStore(StoreContext& context) : context_(context) {}

    /// The server's marks; the own user's read mark moves the read position too. An older revision changes nothing.
    [[nodiscard]] Result<void> apply(const LogId& log, const ConversationMarks& marks, const UserId& self);
    /// Every member's but `except`'s.
    [[nodiscard]] Result<std::vector<MemberMark>> others(const LogId& log, const UserId& except);

    /// Up to `seq` was on a screen; never past the cursor. Clears "marked unread" and counts again.
    [[nodiscard]] Result<void> setRead(const LogId& log, Seq seq);

    /// Logs whose cursor, read position or unopened rows the server has not acknowledged.
    [[nodiscard]] Result<std::vector<AckState>> unacknowledged(std::size_t limit);
    /// The server answered the AckState with that revision.
    [[nodiscard]] Result<void> acknowledged(const LogId& log, std::uint64_t revision);

private:
    StoreContext& context_;
};

} // namespace kith
