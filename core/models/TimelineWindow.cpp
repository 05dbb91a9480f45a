#include "core/models/TimelineWindow.h"

#include "core/models/Emoji.h"

#include <QDateTime>

#include <algorithm>

namespace kith
{
namespace
{

using Want = TimelineRequest::Want;

constexpr int shownLines = 40;
constexpr int largestEmojiCount = 3;
constexpr std::int64_t groupSpanMs = std::int64_t{5} * 60 * 1000;
constexpr qsizetype quoteLength = 160;

struct Rows {
    std::vector<Message> messages; ///< The oldest first.
    std::optional<Message> before; ///< The row before the window: there is more.
    bool reachesEnd = true;
};

/// Drops what `page + 1` rows brought too many of: its presence says that there is more.
void takeBefore(Rows& rows, std::vector<Message> found, std::size_t wanted)
{
    if (found.size() > wanted) {
        rows.before = std::move(found.front());
        found.erase(found.begin());
    }
    rows.messages = std::move(found);
}

Result<Rows> newest(StoreReads& reads, const LogId& log, std::size_t count)
{
    KITH_TRY(auto found, reads.messages.newest(log, count + 1));
    Rows rows;
    takeBefore(rows, std::move(found), count);
    return rows;
}

Result<Rows> around(StoreReads& reads, MessageId anchor)
{
    constexpr std::size_t half = TimelineRequest::page;
    KITH_TRY(auto before, reads.messages.before(anchor, half + 1));
    KITH_TRY(auto rest, reads.messages.around(anchor, 0, half + 1));
    Rows rows;
    takeBefore(rows, std::move(before), half);
    if (rest.size() > half + 1) {
        rest.pop_back();
        rows.reachesEnd = false;
    }
    std::move(rest.begin(), rest.end(), std::back_inserter(rows.messages));
    return rows;
}

/// What lies between the window's ends, and a page more where it is wanted.
Result<Rows> extended(StoreReads& reads, const TimelineRequest& request)
{
    const std::size_t older = request.want == Want::Older ? TimelineRequest::page : 0;
    const std::size_t newer = request.want == Want::Newer ? TimelineRequest::page : 0;
    KITH_TRY(auto before, reads.messages.before(request.oldest, older + 1));
    KITH_TRY(auto rest, reads.messages.around(request.oldest, 0, MessageStore::maxWindow - 1));
    Rows rows;
    takeBefore(rows, std::move(before), older);
    rows.reachesEnd = rest.size() < MessageStore::maxWindow;
    if (!request.reachesEnd) {
        const auto end =
            std::find_if(rest.begin(), rest.end(), [&](const Message& m) { return m.id == request.newest; });
        const auto wanted = static_cast<std::ptrdiff_t>(newer) + 1;
        if (end != rest.end() && std::distance(end, rest.end()) > wanted) {
            rest.erase(end + wanted, rest.end());
            rows.reachesEnd = false;
        }
    }
    std::move(rest.begin(), rest.end(), std::back_inserter(rows.messages));
    if (rows.messages.size() <= TimelineRequest::most)
        return rows;
    const auto excess = static_cast<std::ptrdiff_t>(rows.messages.size() - TimelineRequest::most);
    if (request.want == Want::Newer) {
        rows.before = std::move(rows.messages[static_cast<std::size_t>(excess) - 1]);
        rows.messages.erase(rows.messages.begin(), rows.messages.begin() + excess);
    } else {
        rows.messages.erase(rows.messages.end() - excess, rows.messages.end());
        rows.reachesEnd = false;
    }
    return rows;
}

Result<Rows> readRows(StoreReads& reads, const TimelineRequest& request, MessageId firstUnread)
{
    switch (request.want) {
    case Want::Open:
        return firstUnread.value() != 0 ? around(reads, firstUnread)
                                        : newest(reads, request.log, TimelineRequest::page);
    case Want::Newest:
        return newest(reads, request.log, TimelineRequest::page);
    case Want::Around:
        return around(reads, request.anchor);
    case Want::Same:
    case Want::Older:
    case Want::Newer:
        break;
    }
    const bool slides = request.want == Want::Same && request.reachesEnd && request.following;
    if (request.oldest.value() == 0 || slides)
        return newest(reads, request.log, std::clamp(request.size, TimelineRequest::page, TimelineRequest::most));
    auto rows = extended(reads, request);
    // The oldest row may have been of a kind that is hidden now.
    return rows.ok() ? std::move(rows) : newest(reads, request.log, TimelineRequest::page);
}

std::int64_t shownTime(const Message& message)
{
    return message.serverTime    ? toMillis(*message.serverTime)
           : message.senderClock ? toMillis(*message.senderClock)
                                 : 0;
}

bool isBubble(const TimelineItem& item)
{
    return item.kind != MessageKind::System;
}

bool sameGroup(const TimelineItem& a, const TimelineItem& b)
{
    return isBubble(a) && isBubble(b) && a.author == b.author && a.own == b.own && a.day == b.day && !b.firstUnread &&
           b.timeMs - a.timeMs < groupSpanMs;
}

qsizetype foldOf(const QString& text)
{
    qsizetype from = -1;
    for (int line = 0; line < shownLines; ++line) {
        from = text.indexOf(QLatin1Char('\n'), from + 1);
        if (from < 0)
            return -1;
    }
    return from;
}

Result<TimelineItem> itemOf(StoreReads& reads, const Message& message, std::span<const MemberMark> others,
                            const QTimeZone& zone)
{
    TimelineItem item;
    item.id = message.id;
    item.kind = message.kind;
    item.author = message.author;
    item.own = message.own;
    item.seq = message.position ? message.position->seq : Seq{};
    item.text = QString::fromStdString(message.text);
    item.fold = foldOf(item.text);
    item.rightToLeft = item.text.isRightToLeft();
    item.emoji = message.kind == MessageKind::Text ? countOfOnlyEmoji(item.text, largestEmojiCount) : 0;
    item.timeMs = shownTime(message);
    item.day = QDateTime::fromMSecsSinceEpoch(item.timeMs, zone).date();
    item.delivery = deliveryState(message, others);
    item.logsDiffer = message.chainCheck == ChainCheck::Different;
    if (message.replyTo) {
        item.replies = true;
        KITH_TRY(const auto quoted, reads.messages.find(message.log, *message.replyTo));
        if (quoted) {
            item.replyOwn = quoted->own;
            item.replyText = QString::fromStdString(quoted->text).simplified().left(quoteLength);
        }
    }
    return item;
}

} // namespace

Result<TimelineSnapshot> readTimeline(StoreReads& reads, const TimelineRequest& request)
{
    TimelineSnapshot snapshot;
    KITH_TRY(auto conversation, reads.conversations.find(request.log));
    if (!conversation)
        return Error::make(StoreError::NotFound, "this conversation is not known here");
    snapshot.conversation = std::move(*conversation);
    snapshot.firstUnread = request.firstUnread;
    if (request.want == Want::Open && snapshot.conversation.unread > 0) {
        KITH_TRY(const auto first, reads.messages.firstUnread(request.log));
        snapshot.firstUnread = first ? first->id : MessageId{};
    }
    KITH_TRY(Rows rows, readRows(reads, request, snapshot.firstUnread));
    KITH_TRY(const auto account, reads.account.load());
    KITH_TRY(const auto others, reads.marks.others(request.log, account ? account->user : UserId{}));

    std::optional<TimelineItem> before;
    if (rows.before) {
        KITH_TRY(before, itemOf(reads, *rows.before, others, request.zone));
    }
    for (const Message& message : rows.messages) {
        KITH_TRY(TimelineItem item, itemOf(reads, message, others, request.zone));
        item.firstUnread = item.id == snapshot.firstUnread;
        item.startsDay = !before || before->day != item.day;
        item.startsGroup = !before || !sameGroup(*before, item);
        if (!snapshot.rows.empty())
            snapshot.rows.back().endsGroup = item.startsGroup;
        item.endsGroup = true;
        before = item;
        snapshot.rows.push_back(std::move(item));
    }
    std::reverse(snapshot.rows.begin(), snapshot.rows.end());
    snapshot.reachesStart = !rows.before;
    snapshot.reachesEnd = rows.reachesEnd;
    return snapshot;
}

} // namespace kith
