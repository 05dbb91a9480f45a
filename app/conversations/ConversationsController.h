#pragma once
/// The list of chats: what is shown of it, which one is open, and how a new one begins. Owned by the composition root.
/// Thread: the GUI thread.

#include "core/models/ConversationListModel.h"
#include "core/session/Account.h"

#include <QObject>

namespace kith
{

class ConversationsController : public QObject
{
    Q_OBJECT
    Q_PROPERTY(kith::ConversationListModel* list READ list CONSTANT)
    Q_PROPERTY(QString show READ show WRITE setShow NOTIFY changed)
    Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY changed)
    Q_PROPERTY(QString selected READ selected NOTIFY changed)
    Q_PROPERTY(bool searching READ isSearching NOTIFY changed)
    Q_PROPERTY(bool starting READ isStarting NOTIFY changed)
    Q_PROPERTY(QString startProblem READ startProblem NOTIFY changed)
    Q_PROPERTY(QString ownName READ ownName CONSTANT)
    Q_PROPERTY(QString ownHandle READ ownHandle CONSTANT)
    Q_PROPERTY(QString ownInitials READ ownInitials CONSTANT)
    Q_PROPERTY(int ownHue READ ownHue CONSTANT)

public:
    /// All outlive the controller.
    ConversationsController(Account& account, Executor& executor, LiveFacts& live, QObject* parent = nullptr);

    [[nodiscard]] ConversationListModel* list() { return &list_; }
    /// "chats", "unread" or "requests".
    [[nodiscard]] QString show() const;
    void setShow(const QString& show);
    [[nodiscard]] QString query() const { return list_.query(); }
    void setQuery(const QString& query);
    /// Hex of the open chat's log; empty: none.
    [[nodiscard]] QString selected() const { return selected_; }
    [[nodiscard]] bool isSearching() const { return !list_.query().isEmpty(); }
    [[nodiscard]] bool isStarting() const { return starting_; }
    /// One sentence; empty: nothing went wrong.
    [[nodiscard]] QString startProblem() const { return startProblem_; }
    [[nodiscard]] QString ownName() const;
    [[nodiscard]] QString ownHandle() const;
    [[nodiscard]] QString ownInitials() const;
    [[nodiscard]] int ownHue() const;

    Q_INVOKABLE void select(const QString& log);
    Q_INVOKABLE void deselect();
    /// The chat `step` rows below (or above) the open one; the first where none is open.
    Q_INVOKABLE void selectBeside(int step);
    /// The first chat of the list as it is filtered.
    Q_INVOKABLE void selectFirst();
    /// Opens the chat with whoever has exactly that handle.
    Q_INVOKABLE void startChat(const QString& handle);
    Q_INVOKABLE void forgetProblem();

Q_SIGNALS:
    void changed();
    void opened(const kith::LogId& log);
    void closed();

private:
    Account& account_;
    ConversationListModel list_;
    QString selected_;
    QString startProblem_;
    bool starting_ = false;
};

} // namespace kith
