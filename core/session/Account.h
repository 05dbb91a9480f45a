#pragma once
/// What a window sees of one signed-in account: commands that come back as futures, the reader and the change feed to
/// look at, and facts as they happen. The engine runs on another thread; everything here is called, and every event
/// arrives, on the window's. Owned by the composition root.

#include "core/domain/Contact.h"
#include "core/domain/Conversation.h"
#include "core/domain/OwnAccount.h"
#include "core/net/ConnectionState.h"
#include "core/store/ReaderStore.h"

#include <QFuture>

#include <functional>
#include <string>

namespace kith
{

/// Things that happened, in the past tense; content is read from the store.
struct AccountEvents {
    std::function<void(const net::ConnectionFact&)> connectionChanged;
    std::function<void(LogId, bool typing)> typingChanged;
    std::function<void(UserId, bool online)> presenceChanged;
    /// Nothing is written any more (full disk, failed sync); reading goes on.
    std::function<void(const Error&)> storeStopped;
};

/// Errors are those of Session's use cases.
class Account
{
public:
    virtual ~Account() = default;

    [[nodiscard]] virtual const OwnAccount& self() const = 0;
    [[nodiscard]] virtual ReaderStore& reader() = 0;
    [[nodiscard]] virtual ChangeFeed& changes() = 0;
    virtual void setEvents(AccountEvents events) = 0;
    [[nodiscard]] virtual net::ConnectionFact connection() const = 0;
    /// A person looks, or asks for another try: connect at once.
    virtual void lookedAt() = 0;

    [[nodiscard]] virtual QFuture<Result<MessageId>> sendText(LogId log, std::string text) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> retry(MessageId message) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> markRead(LogId log, Seq seq) = 0;
    /// The chat in front of a person; typing is told for this one alone.
    virtual void setFocus(std::optional<LogId> log) = 0;
    virtual void setTyping(LogId log, bool typing) = 0;

    [[nodiscard]] virtual QFuture<Result<void>> acceptRequest(LogId log) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> declineRequest(LogId log) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> setBlocked(UserId user, bool blocked) = 0;
    /// Exact handle; the one conversation with that person, made when there is none.
    [[nodiscard]] virtual QFuture<Result<LogId>> chatWith(std::string handle) = 0;
    /// 60 digits (crypto.md section 8).
    [[nodiscard]] virtual QFuture<Result<std::string>> safetyNumber(UserId user) = 0;
};

} // namespace kith
