#pragma once
/// The open chat: who it is with, its timeline, and what a person does in it. Owned by the composition root. Thread:
/// the GUI thread.

#include "core/base/Timers.h"
#include "core/models/LiveFacts.h"
#include "core/models/TimelineModel.h"
#include "core/session/Account.h"

#include <QObject>

#include <map>

namespace kith
{

class ChatController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(kith::TimelineModel* timeline READ timeline CONSTANT)
    Q_PROPERTY(bool open READ isOpen NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(QString handle READ handle NOTIFY changed)
    Q_PROPERTY(QString initials READ initials NOTIFY changed)
    Q_PROPERTY(int hue READ hue NOTIFY changed)
    Q_PROPERTY(bool notes READ isNotes NOTIFY changed)
    Q_PROPERTY(bool verified READ isVerified NOTIFY changed)
    Q_PROPERTY(bool keyChanged READ hasChangedKey NOTIFY changed)
    Q_PROPERTY(bool blocked READ isBlocked NOTIFY changed)
    Q_PROPERTY(bool incomingRequest READ isIncomingRequest NOTIFY changed)
    Q_PROPERTY(bool outgoingRequest READ isOutgoingRequest NOTIFY changed)
    Q_PROPERTY(bool typing READ isTyping NOTIFY changed)
    Q_PROPERTY(bool online READ isOnline NOTIFY changed)
    Q_PROPERTY(bool lookedAt READ isLookedAt WRITE setLookedAt NOTIFY changed)
    Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    Q_PROPERTY(QString safetyNumber READ safetyNumber NOTIFY changed)

public:
    /// How long a row is on the screen before it counts as read.
    static constexpr Millis readAfter{1000};

    /// All outlive the controller; `timers` and `executor` run on the GUI thread.
    ChatController(Account& account, Executor& executor, Timers& timers, LiveFacts& live, QTimeZone zone,
                   QObject* parent = nullptr);

    void openChat(const LogId& log);
    void closeChat();

    /// Sends the draft; it comes back, with a reason, if it could not be stored.
    Q_INVOKABLE void send();
    Q_INVOKABLE void retry(qulonglong message);
    Q_INVOKABLE void acceptRequest();
    Q_INVOKABLE void declineRequest();
    Q_INVOKABLE void setBlocked(bool blocked);
    /// The rows on the screen, the newest first: pages follow, and what stays a second is read.
    Q_INVOKABLE void setVisible(int newestRow, int oldestRow);
    Q_INVOKABLE void showNewest();
    Q_INVOKABLE void loadSafetyNumber();
    Q_INVOKABLE void copyRow(int row);

    [[nodiscard]] TimelineModel* timeline() { return &timeline_; }
    [[nodiscard]] bool isOpen() const { return timeline_.log().has_value(); }
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString handle() const;
    [[nodiscard]] QString initials() const;
    [[nodiscard]] int hue() const;
    [[nodiscard]] bool isNotes() const;
    [[nodiscard]] bool isVerified() const { return contact_.trust == TrustState::Verified; }
    [[nodiscard]] bool hasChangedKey() const { return contact_.trust == TrustState::Changed; }
    [[nodiscard]] bool isBlocked() const { return contact_.blocked; }
    [[nodiscard]] bool isIncomingRequest() const;
    [[nodiscard]] bool isOutgoingRequest() const;
    [[nodiscard]] bool isTyping() const;
    [[nodiscard]] bool isOnline() const;
    /// The window is active: only then is anything read.
    [[nodiscard]] bool isLookedAt() const { return lookedAt_; }
    void setLookedAt(bool lookedAt);
    [[nodiscard]] QString draft() const { return draft_; }
    void setDraft(const QString& draft);
    [[nodiscard]] QString problem() const { return problem_; }
    [[nodiscard]] QString safetyNumber() const { return safetyNumber_; }

Q_SIGNALS:
    void changed();
    void draftChanged();
    /// The first rows of a chat, or of a jump, are there.
    void timelineOpened();
    /// The person is gone from here: the request was declined.
    void left();

private:
    void readContact();
    void watchRead();
    void markRead();
    void tellTyping(bool typing);
    void show(const Result<void>& result);

    Account& account_;
    Timers& timers_;
    LiveFacts& live_;
    TimelineModel timeline_;
    ChangeFeed::Subscription subscription_;
    Contact contact_;
    std::map<LogId, QString> drafts_;
    QString draft_;
    QString problem_;
    QString safetyNumber_;
    std::unique_ptr<Timer> readTimer_;
    std::unique_ptr<Timer> typingTimer_;
    bool typingTold_ = false;
    bool lookedAt_ = false;
    int newestVisible_ = -1;
};

} // namespace kith
