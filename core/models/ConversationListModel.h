#pragma once
/// The list of chats, the most recently active first: a window that begins at the top and grows as it is scrolled. It
/// reads through the reader's thread and follows the change feed and the live facts; nothing is ever written to it.
/// Owned by the list's controller. Thread: the GUI thread.

#include "core/base/Executor.h"
#include "core/models/ConversationItem.h"
#include "core/models/LiveFacts.h"
#include "core/models/SnapshotList.h"
#include "core/store/ReaderStore.h"

#include <optional>

namespace kith
{

class ConversationListModel : public SnapshotList<ConversationItem>
{
    Q_OBJECT
    Q_PROPERTY(bool ready READ isReady NOTIFY listChanged)
    Q_PROPERTY(int requests READ requests NOTIFY listChanged)
    Q_PROPERTY(int unreadChats READ unreadChats NOTIFY listChanged)
    Q_PROPERTY(int total READ total NOTIFY listChanged)

public:
    enum Role {
        LogRole = Qt::UserRole + 1, ///< Hex.
        NameRole,
        HandleRole,
        InitialsRole,
        HueRole,
        NotesRole,
        VerifiedRole,
        BlockedRole,
        OutgoingRequestRole,
        UnreadRole,
        MarkedUnreadRole,
        TimeRole,     ///< Milliseconds since 1970 UTC; 0: no message.
        LastKindRole, ///< "none", "text", "system", "waiting", "lost", "deleted", "unknown".
        LastOwnRole,
        PreviewRole,
        DeliveryRole, ///< kith::name(DeliveryState).
        TypingRole,
        OnlineRole,
    };
    enum class Show { Chats, Unread, Requests };

    /// All outlive the model; `executor` runs on the GUI thread.
    ConversationListModel(ReaderStore& reader, ChangeFeed& feed, Executor& executor, LiveFacts& live,
                          QObject* parent = nullptr);

    void setShow(Show show);
    /// Only chats whose name or handle contains it; empty: all.
    void setQuery(const QString& query);
    [[nodiscard]] Show shown() const { return show_; }
    [[nodiscard]] const QString& query() const { return query_; }

    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    /// -1: not in the window.
    [[nodiscard]] int rowOf(const LogId& log) const;
    [[nodiscard]] bool isReady() const { return ready_; }
    /// Message requests that wait for an answer.
    [[nodiscard]] int requests() const { return requests_; }
    [[nodiscard]] int unreadChats() const { return unreadChats_; }
    /// Chats, whatever the filter and the query.
    [[nodiscard]] int total() const { return total_; }

Q_SIGNALS:
    void listChanged();
    void failed(const kith::Error& error);

private:
    struct Request;
    struct Snapshot;

    void heard(const StoreChanges& changes);
    void refresh();
    [[nodiscard]] static Result<Snapshot> read(StoreReads& reads, const Request& request);
    void show(Snapshot snapshot);

    ReaderStore& reader_;
    LiveFacts& live_;
    ChangeFeed::Subscription subscription_;
    Show show_ = Show::Chats;
    QString query_;
    std::size_t limit_;
    std::uint64_t asked_ = 0; ///< Rises when the question changes: an older answer is dropped.
    bool reading_ = false;
    bool again_ = false;
    bool more_ = false;
    bool ready_ = false;
    int requests_ = 0;
    int unreadChats_ = 0;
    int total_ = 0;
};

} // namespace kith
