#pragma once
/// One conversation as a window of rows around what is being read, the newest first (a view draws it from the bottom
/// up). It reads through the reader's thread and follows the change feed; nothing is ever written to it, and rows that
/// come do not move what is being read. Owned by the chat's controller. Thread: the GUI thread.

#include "core/base/Executor.h"
#include "core/models/SnapshotList.h"
#include "core/models/TimelineWindow.h"

#include <set>

namespace kith
{

class TimelineModel : public SnapshotList<TimelineItem>
{
    Q_OBJECT
    Q_PROPERTY(bool ready READ isReady NOTIFY windowChanged)
    Q_PROPERTY(bool reachesStart READ reachesStart NOTIFY windowChanged)
    Q_PROPERTY(bool reachesEnd READ reachesEnd NOTIFY windowChanged)
    Q_PROPERTY(int unread READ unread NOTIFY windowChanged)
    Q_PROPERTY(int dividerCount READ dividerCount NOTIFY windowChanged)
    Q_PROPERTY(int firstUnreadRow READ firstUnreadRow NOTIFY windowChanged)
    Q_PROPERTY(bool empty READ isEmpty NOTIFY windowChanged)

public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        KindRole, ///< "text", "system", "waiting", "lost", "deleted", "unknown".
        TextRole, ///< Up to the fold, unless it was opened.
        FoldedRole,
        RightToLeftRole,
        EmojiRole,
        OwnRole,
        TimeRole, ///< Milliseconds since 1970 UTC.
        DayRole,
        DeliveryRole, ///< kith::name(DeliveryState).
        LogsDifferRole,
        RepliesRole,
        ReplyOwnRole,
        ReplyTextRole,
        StartsGroupRole,
        EndsGroupRole,
        StartsDayRole,
        FirstUnreadRole,
    };

    /// All outlive the model; `executor` runs on the GUI thread.
    TimelineModel(ReaderStore& reader, ChangeFeed& feed, Executor& executor, QTimeZone zone, QObject* parent = nullptr);

    /// Shows another conversation, at its first unread message.
    void open(const LogId& log);
    /// Shows none.
    void close();
    void showNewest();
    void showAround(MessageId message);
    /// The divider goes: the chat was answered.
    void removeDivider();

    /// The rows on the screen, the newest first; the window follows them.
    Q_INVOKABLE void setVisible(int newestRow, int oldestRow);
    /// Shows a folded text whole, or folds it again.
    Q_INVOKABLE void setUnfolded(int row, bool unfolded);

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] const std::optional<LogId>& log() const { return log_; }
    /// The conversation as of the rows shown.
    [[nodiscard]] const Conversation& conversation() const { return conversation_; }
    [[nodiscard]] bool isReady() const { return ready_; }
    [[nodiscard]] bool reachesStart() const { return reachesStart_; }
    [[nodiscard]] bool reachesEnd() const { return reachesEnd_; }
    [[nodiscard]] bool isEmpty() const { return rows().empty(); }
    [[nodiscard]] int unread() const { return static_cast<int>(conversation_.unread); }
    /// Incoming messages after the divider; 0: there is none.
    [[nodiscard]] int dividerCount() const { return dividerCount_; }
    /// Of the row that the divider stands before; -1: none, or outside the window.
    [[nodiscard]] int firstUnreadRow() const;

Q_SIGNALS:
    void windowChanged();
    /// The first rows of a conversation, or of a jump, are there.
    void opened();
    void failed(const kith::Error& error);

private:
    using Want = TimelineRequest::Want;

    void heard(const StoreChanges& changes);
    void want(Want want, MessageId anchor = {});
    void read(Want want, MessageId anchor);
    void show(Want want, MessageId anchor, TimelineSnapshot snapshot);
    void showAll(std::vector<TimelineItem> rows);
    void finishReading();
    void countDivider(Want want, const TimelineSnapshot& snapshot);

    ReaderStore& reader_;
    QTimeZone zone_;
    ChangeFeed::Subscription subscription_;
    std::optional<LogId> log_;
    std::uint64_t visit_ = 0; ///< Rises with every open(): an answer for an earlier one is dropped.
    bool reading_ = false;
    std::optional<std::pair<Want, MessageId>> next_; ///< Asked for while a read is under way.
    Conversation conversation_;
    std::set<MessageId> unfolded_;
    MessageId firstUnread_;
    MessageId newestSeen_; ///< Rows above it came after the chat was opened.
    int dividerCount_ = 0;
    bool ready_ = false;
    bool reachesStart_ = false;
    bool reachesEnd_ = true;
    bool following_ = true;
};

} // namespace kith
