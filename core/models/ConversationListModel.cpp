#include "core/models/ConversationListModel.h"

#include "core/base/WhenDone.h"
#include "core/models/Names.h"

namespace kith
{

namespace
{

constexpr std::size_t page = 60;
constexpr qsizetype previewLength = 200;

Result<ConversationItem> itemOf(StoreReads& reads, const Conversation& conversation, const UserId& self)
{
    ConversationItem item;
    item.log = conversation.log;
    item.peer = conversation.peer;
    item.notes = conversation.peer == self;
    KITH_TRY(const auto contact, reads.contacts.find(conversation.peer));
    if (contact) {
        item.name = QString::fromStdString(contact->shownName());
        item.handle = QString::fromStdString(contact->handle);
        item.verified = contact->trust == TrustState::Verified;
        item.blocked = contact->blocked;
    }
    item.initials = initialsOf(item.name);
    item.hue = hueOf(conversation.peer);
    item.request = conversation.request;
    item.unread = static_cast<int>(conversation.unread);
    item.markedUnread = conversation.markedUnread;
    if (conversation.last) {
        const Message& last = *conversation.last;
        item.hasLast = true;
        item.lastKind = last.kind;
        item.lastOwn = last.own;
        item.preview = QString::fromStdString(last.text).left(previewLength).simplified();
        item.timeMs = last.serverTime ? toMillis(*last.serverTime) : last.senderClock ? toMillis(*last.senderClock) : 0;
        KITH_TRY(const auto others, reads.marks.others(conversation.log, self));
        item.delivery = deliveryState(last, others);
    }
    return item;
}

} // namespace

struct ConversationListModel::Request {
    Show show = Show::Chats;
    QString query;
    std::size_t limit = page;
};

struct ConversationListModel::Snapshot {
    std::vector<ConversationItem> rows;
    bool more = false;
    int requests = 0;
    int unreadChats = 0;
    int total = 0;
};

ConversationListModel::ConversationListModel(ReaderStore& reader, ChangeFeed& feed, Executor& executor, LiveFacts& live,
                                             QObject* parent)
    : SnapshotList(parent), reader_(reader), live_(live), limit_(page)
{
    subscription_ = feed.subscribe(executor, [this](const auto& changes) { heard(*changes); });
    connect(&live_, &LiveFacts::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0), index(rowCount() - 1), {TypingRole, OnlineRole});
    });
    refresh();
}

void ConversationListModel::setShow(Show show)
{
    if (show_ == show)
        return;
    show_ = show;
    ++asked_;
    limit_ = page;
    refresh();
}

void ConversationListModel::setQuery(const QString& query)
{
    const QString wanted = query.trimmed();
    if (query_ == wanted)
        return;
    query_ = wanted;
    ++asked_;
    limit_ = page;
    refresh();
}

void ConversationListModel::heard(const StoreChanges& changes)
{
    if (changes.accountChanged || !changes.conversationsChanged.empty() || !changes.marksChanged.empty() ||
        !changes.contactsChanged.empty() || !changes.messagesChanged.empty())
        refresh();
}

void ConversationListModel::refresh()
{
    if (reading_) {
        again_ = true;
        return;
    }
    reading_ = true;
    auto answer = reader_.read<Snapshot>(
        [request = Request{show_, query_, limit_}](StoreReads& reads) { return read(reads, request); });
    whenDone(this, answer, [this, asked = asked_](Result<Snapshot> snapshot) {
        reading_ = false;
        if (!snapshot.ok())
            Q_EMIT failed(snapshot.error());
        else if (asked == asked_)
            show(std::move(snapshot).value());
        if (std::exchange(again_, false) || asked != asked_)
            refresh();
    });
}

Result<ConversationListModel::Snapshot> ConversationListModel::read(StoreReads& reads, const Request& request)
{
    Snapshot snapshot;
    KITH_TRY(const auto account, reads.account.load());
    const UserId self = account ? account->user : UserId{};
    KITH_TRY(const auto waiting, reads.conversations.requests(ConversationList::maxWindow));
    KITH_TRY(const auto chats, reads.conversations.page(0, ConversationList::maxWindow));
    snapshot.requests = static_cast<int>(waiting.size());
    snapshot.total = static_cast<int>(chats.size());
    for (const Conversation& chat : chats)
        snapshot.unreadChats += chat.unread > 0 || chat.markedUnread ? 1 : 0;
    for (const Conversation& chat : request.show == Show::Requests ? waiting : chats) {
        if (request.show == Show::Unread && chat.unread == 0 && !chat.markedUnread)
            continue;
        if (snapshot.rows.size() == request.limit) {
            snapshot.more = true;
            break;
        }
        KITH_TRY(auto item, itemOf(reads, chat, self));
        if (item.name.contains(request.query, Qt::CaseInsensitive) ||
            item.handle.contains(request.query, Qt::CaseInsensitive))
            snapshot.rows.push_back(std::move(item));
    }
    return snapshot;
}

void ConversationListModel::show(Snapshot snapshot)
{
    ready_ = true;
    more_ = snapshot.more;
    requests_ = snapshot.requests;
    unreadChats_ = snapshot.unreadChats;
    total_ = snapshot.total;
    become(std::move(snapshot.rows));
    Q_EMIT listChanged();
}

bool ConversationListModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && more_;
}

void ConversationListModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    more_ = false; // asked for; the answer says whether there is still more
    limit_ += page;
    refresh();
}

int ConversationListModel::rowOf(const LogId& log) const
{
    for (std::size_t row = 0; row < rows().size(); ++row)
        if (rows()[row].log == log)
            return static_cast<int>(row);
    return -1;
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConversationItem& item = rows()[static_cast<std::size_t>(index.row())];
    switch (role) {
    case LogRole:
        return QString::fromStdString(item.log.hex());
    case Qt::DisplayRole:
    case NameRole:
        return item.name;
    case HandleRole:
        return item.handle;
    case InitialsRole:
        return item.initials;
    case HueRole:
        return item.hue;
    case NotesRole:
        return item.notes;
    case VerifiedRole:
        return item.verified;
    case BlockedRole:
        return item.blocked;
    case OutgoingRequestRole:
        return item.request == RequestState::Outgoing;
    case UnreadRole:
        return item.unread;
    case MarkedUnreadRole:
        return item.markedUnread;
    case TimeRole:
        return QVariant::fromValue<qlonglong>(item.timeMs);
    case LastKindRole:
        return item.hasLast ? kindName(item.lastKind) : QStringLiteral("none");
    case LastOwnRole:
        return item.lastOwn;
    case PreviewRole:
        return item.preview;
    case DeliveryRole:
        return stateName(item.delivery);
    case TypingRole:
        return live_.isTyping(item.log);
    case OnlineRole:
        return live_.isOnline(item.peer);
    default:
        return {};
    }
}

QHash<int, QByteArray> ConversationListModel::roleNames() const
{
    return {{LogRole, "log"},           {NameRole, "name"},
            {HandleRole, "handle"},     {InitialsRole, "initials"},
            {HueRole, "hue"},           {NotesRole, "notes"},
            {VerifiedRole, "verified"}, {BlockedRole, "blocked"},
            {UnreadRole, "unread"},     {OutgoingRequestRole, "outgoingRequest"},
            {TimeRole, "timeMs"},       {MarkedUnreadRole, "markedUnread"},
            {LastOwnRole, "lastOwn"},   {LastKindRole, "lastKind"},
            {PreviewRole, "preview"},   {DeliveryRole, "delivery"},
            {TypingRole, "typing"},     {OnlineRole, "online"}};
}

} // namespace kith
