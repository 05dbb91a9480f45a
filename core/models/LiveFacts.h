#pragma once
/// Who is typing and who is here: ephemeral, never stored, gone with the connection (DESIGN.md section 2). Fed by
/// whoever hears the session's events, followed by the models. Owned by the composition root. Thread: the GUI thread.

#include "core/base/StrongId.h"

#include <QObject>

#include <set>

namespace kith
{

class LiveFacts : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void setTyping(const LogId& log, bool typing);
    void setOnline(const UserId& user, bool online);
    /// The connection ended: nothing is known any more.
    void forget();

    [[nodiscard]] bool isTyping(const LogId& log) const { return typing_.contains(log); }
    [[nodiscard]] bool isOnline(const UserId& user) const { return online_.contains(user); }

Q_SIGNALS:
    void changed();

private:
    std::set<LogId> typing_;
    std::set<UserId> online_;
};

} // namespace kith
