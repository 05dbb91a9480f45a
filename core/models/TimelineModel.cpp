#include "core/models/TimelineModel.h"

#include "core/base/WhenDone.h"
#include "core/models/Names.h"

namespace kith
{
namespace
{

/// Rows from an end of the window at which the next page is asked for.
constexpr int margin = 20;

/// What the next read is for, when two were asked for while one was under way: a jump beats a page beats a refresh.
int weight(TimelineRequest::Want want)
{
    switch (want) {
    case TimelineRequest::Want::Open:
    case TimelineRequest::Want::Newest:
    case TimelineRequest::Want::Around:
        return 2;
    case TimelineRequest::Want::Older:
    case TimelineRequest::Want::Newer:
        return 1;
    case TimelineRequest::Want::Same:
        break;
    }
    return 0;
}

/// The few rows around `middle`, or the newest where it is not among them.
std::vector<TimelineItem> nearest(const std::vector<TimelineItem>& rows, MessageId middle)
{
    constexpr std::ptrdiff_t few = 10;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const TimelineItem& row) { return row.id == middle; });
    const auto begin = found == rows.end() ? rows.begin() : found - std::min(few / 2, found - rows.begin());
    return {begin, begin + std::min(few, rows.end() - begin)};
}

} // namespace

TimelineModel::TimelineModel(ReaderStore& reader, ChangeFeed& feed, Executor& executor, QTimeZone zone, QObject* parent)
    : SnapshotList(parent), reader_(reader), zone_(std::move(zone))
{
    subscription_ = feed.subscribe(executor, [this](const auto& changes) { heard(*changes); });
}

void TimelineModel::open(const LogId& log)
{
    close();
    log_ = log;
    want(Want::Open);
}

void TimelineModel::close()
{
    ++visit_;
    log_.reset();
    next_.reset();
    reading_ = false;
    conversation_ = {};
    unfolded_.clear();
    firstUnread_ = newestSeen_ = {};
    dividerCount_ = 0;
    ready_ = reachesStart_ = false;
    reachesEnd_ = following_ = true;
    restart({});
    Q_EMIT windowChanged();
}

void TimelineModel::showNewest()
{
    if (log_)
        want(Want::Newest);
}

void TimelineModel::showAround(MessageId message)
{
    if (log_)
        want(Want::Around, message);
}

void TimelineModel::removeDivider()
{
    if (firstUnread_.value() == 0)
        return;
    firstUnread_ = {};
    dividerCount_ = 0;
    Q_EMIT windowChanged();
    want(Want::Same);
}

void TimelineModel::setVisible(int newestRow, int oldestRow)
{
    if (!ready_)
        return;
    following_ = reachesEnd_ && newestRow == 0;
    if (!reachesStart_ && oldestRow >= rowCount() - margin)
        want(Want::Older);
    else if (!reachesEnd_ && newestRow < margin)
        want(Want::Newer);
}

void TimelineModel::setUnfolded(int row, bool unfolded)
{
    if (row < 0 || row >= rowCount())
        return;
    const MessageId id = rows()[static_cast<std::size_t>(row)].id;
    if (unfolded ? unfolded_.insert(id).second : unfolded_.erase(id) > 0)
        Q_EMIT dataChanged(index(row), index(row), {TextRole, FoldedRole});
}

int TimelineModel::firstUnreadRow() const
{
    for (std::size_t row = 0; row < rows().size(); ++row)
        if (rows()[row].firstUnread)
            return static_cast<int>(row);
    return -1;
}

void TimelineModel::heard(const StoreChanges& changes)
{
    if (!log_)
        return;
    const bool contact = changes.contactsChanged.contains(conversation_.peer);
    if (contact || changes.messagesChanged.contains(*log_) || changes.marksChanged.contains(*log_) ||
        changes.conversationsChanged.contains(*log_))
        want(Want::Same);
}

void TimelineModel::want(Want want, MessageId anchor)
{
    if (!reading_)
        return read(want, anchor);
    if (!next_ || weight(want) >= weight(next_->first))
        next_ = {want, anchor};
}

void TimelineModel::read(Want want, MessageId anchor)
{
    reading_ = true;
    TimelineRequest request;
    request.log = *log_;
    request.want = want;
    request.anchor = anchor;
    if (!rows().empty()) {
        request.oldest = rows().back().id;
        request.newest = rows().front().id;
    }
    request.reachesEnd = reachesEnd_;
    request.following = following_;
    request.size = rows().size();
    request.firstUnread = firstUnread_;
    request.zone = zone_;
    auto answer = reader_.read<TimelineSnapshot>([request](StoreReads& reads) { return readTimeline(reads, request); });
    whenDone(this, answer,
             [this, want, anchor, visit = visit_, followed = following_](Result<TimelineSnapshot> snapshot) {
                 if (visit != visit_)
                     return; // another chat was opened meanwhile
                 if (want == Want::Same && followed && !following_)
                     return read(want, anchor); // scrolled away meanwhile: nothing may be let go for it
                 if (snapshot.ok())
                     return show(want, anchor, std::move(snapshot).value());
                 Q_EMIT failed(snapshot.error());
                 finishReading();
             });
}

void TimelineModel::finishReading()
{
    reading_ = false;
    if (!next_)
        return;
    const auto [nextWant, nextAnchor] = *std::exchange(next_, std::nullopt);
    read(nextWant, nextAnchor);
}

void TimelineModel::show(Want want, MessageId anchor, TimelineSnapshot snapshot)
{
    const bool jump = weight(want) == 2;
    countDivider(want, snapshot);
    conversation_ = std::move(snapshot.conversation);
    reachesStart_ = snapshot.reachesStart;
    reachesEnd_ = snapshot.reachesEnd;
    following_ = following_ && reachesEnd_;
    if (!jump)
        return showAll(std::move(snapshot.rows));
    ready_ = false;
    restart(nearest(snapshot.rows, want == Want::Open ? firstUnread_ : anchor));
    Q_EMIT opened();
    // The rest in an event of its own: a view makes what it shows of them at once, and no key may wait for that.
    QMetaObject::invokeMethod(
        this,
        [this, visit = visit_, rows = std::move(snapshot.rows)]() mutable {
            if (visit == visit_)
                showAll(std::move(rows));
        },
        Qt::QueuedConnection);
}

void TimelineModel::showAll(std::vector<TimelineItem> rows)
{
    ready_ = true;
    become(std::move(rows));
    Q_EMIT windowChanged();
    finishReading();
}

void TimelineModel::countDivider(Want want, const TimelineSnapshot& snapshot)
{
    if (want == Want::Open) {
        firstUnread_ = snapshot.firstUnread;
        dividerCount_ = firstUnread_.value() != 0 ? static_cast<int>(snapshot.conversation.unread) : 0;
    }
    MessageId highest = newestSeen_;
    for (const TimelineItem& row : snapshot.rows) {
        highest = std::max(highest, row.id);
        if (want != Want::Open && row.id > newestSeen_ && dividerCount_ > 0 && !row.own && isCounted(row.kind))
            ++dividerCount_;
    }
    newestSeen_ = highest;
}

QVariant TimelineModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const TimelineItem& item = rows()[static_cast<std::size_t>(index.row())];
    const bool folded = item.fold >= 0 && !unfolded_.contains(item.id);
    switch (role) {
    case IdRole:
        return QVariant::fromValue<qulonglong>(item.id.value());
    case KindRole:
        return kindName(item.kind);
    case Qt::DisplayRole:
    case TextRole:
        return folded ? item.text.left(item.fold) : item.text;
    case FoldedRole:
        return folded;
    case RightToLeftRole:
        return item.rightToLeft;
    case EmojiRole:
        return item.emoji;
    case OwnRole:
        return item.own;
    case TimeRole:
        return QVariant::fromValue<qlonglong>(item.timeMs);
    case DayRole:
        return item.day;
    case DeliveryRole:
        return stateName(item.delivery);
    case LogsDifferRole:
        return item.logsDiffer;
    case RepliesRole:
        return item.replies;
    case ReplyOwnRole:
        return item.replyOwn;
    case ReplyTextRole:
        return item.replyText;
    case StartsGroupRole:
        return item.startsGroup;
    case EndsGroupRole:
        return item.endsGroup;
    case StartsDayRole:
        return item.startsDay;
    case FirstUnreadRole:
        return item.firstUnread;
    default:
        return {};
    }
}

QHash<int, QByteArray> TimelineModel::roleNames() const
{
    return {{IdRole, "messageId"},
            {KindRole, "kind"},
            {TextRole, "body"},
            {FoldedRole, "folded"},
            {RightToLeftRole, "rightToLeft"},
            {EmojiRole, "emoji"},
            {OwnRole, "own"},
            {TimeRole, "timeMs"},
            {DayRole, "day"},
            {DeliveryRole, "delivery"},
            {LogsDifferRole, "logsDiffer"},
            {RepliesRole, "replies"},
            {ReplyOwnRole, "replyOwn"},
            {ReplyTextRole, "replyText"},
            {StartsGroupRole, "startsGroup"},
            {EndsGroupRole, "endsGroup"},
            {StartsDayRole, "startsDay"},
            {FirstUnreadRole, "firstUnread"}};
}

} // namespace kith
