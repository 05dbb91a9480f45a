#include "app/chat/ChatController.h"

#include "core/base/WhenDone.h"
#include "core/domain/Text.h"
#include "core/models/Names.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace kith
{
namespace
{

/// Told again at most this often while somebody types, and taken back after as long without a key.
constexpr Millis typingSpan{3000};

} // namespace

ChatController::ChatController(Account& account, Executor& executor, Timers& timers, LiveFacts& live, QTimeZone zone,
                               QObject* parent)
    : QObject(parent), account_(account), timers_(timers), live_(live),
      timeline_(account.reader(), account.changes(), executor, std::move(zone))
{
    subscription_ = account.changes().subscribe(executor, [this](const auto& changes) {
        if (changes->contactsChanged.contains(timeline_.conversation().peer))
            readContact();
    });
    connect(&timeline_, &TimelineModel::windowChanged, this, [this] {
        if (timeline_.isReady() && contact_.user != timeline_.conversation().peer)
            readContact();
        Q_EMIT changed();
        watchRead();
    });
    connect(&timeline_, &TimelineModel::opened, this, &ChatController::timelineOpened);
    connect(&live_, &LiveFacts::changed, this, &ChatController::changed);
}

void ChatController::openChat(const LogId& log)
{
    if (timeline_.log() == log)
        return;
    closeChat();
    timeline_.open(log);
    account_.setFocus(log);
    if (const auto kept = drafts_.find(log); kept != drafts_.end())
        draft_ = kept->second;
    Q_EMIT draftChanged();
    Q_EMIT changed();
}

void ChatController::closeChat()
{
    tellTyping(false);
    readTimer_.reset();
    newestVisible_ = -1;
    contact_ = {};
    problem_.clear();
    safetyNumber_.clear();
    draft_.clear();
    if (timeline_.log())
        account_.setFocus(std::nullopt);
    timeline_.close();
    Q_EMIT draftChanged();
    Q_EMIT changed();
}

void ChatController::send()
{
    const auto log = timeline_.log();
    const QString text = draft_.trimmed();
    if (!log || text.isEmpty())
        return;
    if (!isValidMessageText(text.toStdString())) {
        problem_ = tr("This message is too long. Send it in parts.");
        Q_EMIT changed();
        return;
    }
    tellTyping(false);
    const QString kept = draft_;
    setDraft({});
    timeline_.removeDivider();
    whenDone(this, account_.sendText(*log, text.toStdString()), [this, log, kept](const Result<MessageId>& sent) {
        if (sent.ok()) {
            if (timeline_.log() == log)
                timeline_.showNewest();
            return;
        }
        drafts_[*log] = kept;
        if (timeline_.log() == log) {
            draft_ = kept;
            Q_EMIT draftChanged();
        }
        show(sent.error());
    });
}

void ChatController::retry(qulonglong message)
{
    whenDone(this, account_.retry(MessageId{std::uint64_t{message}}), [this](const Result<void>& done) { show(done); });
}

void ChatController::acceptRequest()
{
    if (timeline_.log())
        whenDone(this, account_.acceptRequest(*timeline_.log()), [this](const Result<void>& done) { show(done); });
}

void ChatController::declineRequest()
{
    if (timeline_.log())
        whenDone(this, account_.declineRequest(*timeline_.log()), [this](const Result<void>& done) {
            show(done);
            if (done.ok())
                Q_EMIT left();
        });
}

void ChatController::setBlocked(bool blocked)
{
    if (timeline_.log())
        whenDone(this, account_.setBlocked(timeline_.conversation().peer, blocked),
                 [this](const Result<void>& done) { show(done); });
}

void ChatController::setVisible(int newestRow, int oldestRow)
{
    newestVisible_ = newestRow;
    timeline_.setVisible(newestRow, oldestRow);
    watchRead();
}

void ChatController::showNewest()
{
    timeline_.showNewest();
}

void ChatController::loadSafetyNumber()
{
    if (!timeline_.log() || isNotes())
        return;
    whenDone(this, account_.safetyNumber(timeline_.conversation().peer),
             [this, log = timeline_.log()](const Result<std::string>& digits) {
                 if (timeline_.log() != log)
                     return;
                 safetyNumber_ = digits.ok() ? QString::fromStdString(digits.value()) : QString();
                 Q_EMIT changed();
             });
}

void ChatController::copyRow(int row)
{
    if (row >= 0 && row < timeline_.rowCount())
        QGuiApplication::clipboard()->setText(timeline_.rows()[static_cast<std::size_t>(row)].text);
}

QString ChatController::name() const
{
    return QString::fromStdString(contact_.shownName());
}

QString ChatController::handle() const
{
    return QString::fromStdString(contact_.handle);
}

QString ChatController::initials() const
{
    return initialsOf(name());
}

int ChatController::hue() const
{
    return hueOf(timeline_.conversation().peer);
}

bool ChatController::isNotes() const
{
    return timeline_.isReady() && timeline_.conversation().peer == account_.self().user;
}

bool ChatController::isIncomingRequest() const
{
    return timeline_.isReady() && timeline_.conversation().request == RequestState::Incoming;
}

bool ChatController::isOutgoingRequest() const
{
    return timeline_.isReady() && timeline_.conversation().request == RequestState::Outgoing;
}

bool ChatController::isTyping() const
{
    return timeline_.log() && live_.isTyping(*timeline_.log());
}

bool ChatController::isOnline() const
{
    return timeline_.log() && live_.isOnline(timeline_.conversation().peer);
}

void ChatController::setLookedAt(bool lookedAt)
{
    if (lookedAt_ == lookedAt)
        return;
    lookedAt_ = lookedAt;
    Q_EMIT changed();
    watchRead();
}

void ChatController::setDraft(const QString& draft)
{
    if (draft_ == draft || !timeline_.log())
        return;
    draft_ = draft;
    problem_.clear();
    if (draft.isEmpty())
        drafts_.erase(*timeline_.log());
    else
        drafts_[*timeline_.log()] = draft;
    tellTyping(!draft.isEmpty());
    Q_EMIT draftChanged();
    Q_EMIT changed();
}

void ChatController::readContact()
{
    const UserId peer = timeline_.conversation().peer;
    auto answer =
        account_.reader().read<std::optional<Contact>>([peer](StoreReads& reads) { return reads.contacts.find(peer); });
    whenDone(this, answer, [this, peer](const Result<std::optional<Contact>>& found) {
        if (timeline_.conversation().peer != peer || !found.ok() || !found.value())
            return;
        contact_ = *found.value();
        Q_EMIT changed();
    });
}

void ChatController::watchRead()
{
    const bool something = lookedAt_ && newestVisible_ >= 0 && timeline_.unread() > 0 && !isIncomingRequest();
    if (!something)
        readTimer_.reset();
    else if (!readTimer_)
        readTimer_ = timers_.after(readAfter, [this] { markRead(); });
}

void ChatController::markRead()
{
    readTimer_.reset();
    if (!timeline_.log() || newestVisible_ < 0 || newestVisible_ >= timeline_.rowCount())
        return;
    const auto& rows = timeline_.rows();
    const auto numbered = std::find_if(rows.begin() + newestVisible_, rows.end(),
                                       [](const TimelineItem& row) { return row.seq.value() > 0; });
    if (numbered != rows.end() && numbered->seq > timeline_.conversation().readPosition)
        whenDone(this, account_.markRead(*timeline_.log(), numbered->seq), [](const Result<void>&) {});
}

void ChatController::tellTyping(bool typing)
{
    if (!timeline_.log())
        return;
    if (!typing) {
        typingTimer_.reset();
        if (std::exchange(typingTold_, false))
            account_.setTyping(*timeline_.log(), false);
        return;
    }
    typingTimer_ = timers_.after(typingSpan, [this] { tellTyping(false); });
    if (!std::exchange(typingTold_, true))
        account_.setTyping(*timeline_.log(), true);
}

void ChatController::show(const Result<void>& result)
{
    problem_ = result.ok() ? QString() : tr("That did not work. %1").arg(QString::fromStdString(result.error().detail));
    Q_EMIT changed();
}

} // namespace kith
