#pragma once
/// How a window of a conversation is read: which rows, and how each stands among its neighbours. Runs on the reader's
/// thread over one snapshot. Thread: pure functions of what is in the store.

#include "core/domain/Conversation.h"
#include "core/models/TimelineItem.h"
#include "core/store/ReaderStore.h"

#include <QTimeZone>

#include <optional>
#include <vector>

namespace kith
{

/// What is on the screen now and what is wanted next.
struct TimelineRequest {
    enum class Want {
        Open,   ///< Around the first unread row, or the newest.
        Newest, ///< The end of the log.
        Around, ///< `anchor` in the middle.
        Same,   ///< What is there, and what came to it.
        Older,  ///< And a page before it.
        Newer,  ///< And a page after it.
    };
    static constexpr std::size_t page = 60;
    static constexpr std::size_t most = 400; ///< Rows of a window; what lies beyond is let go at the other end.

    LogId log;
    Want want = Want::Open;
    MessageId anchor;
    MessageId oldest;       ///< Of the window; 0: it is empty.
    MessageId newest;       ///< Of the window.
    bool reachesEnd = true; ///< The window held the newest row of the log.
    bool following = true;  ///< The reader looks at the end: new rows push old ones out.
    std::size_t size = 0;   ///< Rows of the window.
    MessageId firstUnread;  ///< The row after the divider; 0: there is none.
    QTimeZone zone;
};

struct TimelineSnapshot {
    std::vector<TimelineItem> rows; ///< The newest first.
    bool reachesStart = false;      ///< There is nothing before the oldest row.
    bool reachesEnd = false;
    MessageId firstUnread;
    Conversation conversation;
};

[[nodiscard]] Result<TimelineSnapshot> readTimeline(StoreReads& reads, const TimelineRequest& request);

} // namespace kith
